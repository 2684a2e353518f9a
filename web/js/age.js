// Age: keeps saying how old the numbers are. The company's clock gives the age at arrival, this device's how long since,
// at the pace of the company's clock.
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

let source = "";
let arrived = 0;

function told(seconds) {
  const [unit, size] = UNITS.find(([, size]) => seconds >= size * 1.2) ?? ["second", 1];
  return words.format(-Math.max(Math.round(seconds / size), 1), unit);
}

function tick() {
  const first = document.querySelector("[data-source]");
  if (!first) return;
  if (source !== first.dateTime + first.dataset.now) {
    source = first.dateTime + first.dataset.now;
    arrived = Date.now();
  }
  const atArrival = Date.parse(first.dataset.now) - Date.parse(first.dateTime);
  const seconds = (atArrival + (Date.now() - arrived) * Number(first.dataset.speed)) / 1000;
  const text = told(Math.max(seconds, 0));
  for (const one of document.querySelectorAll("[data-age]")) if (one.textContent !== text) one.textContent = text;
}

// A page from the worker's store is older than its arrival says.
export function arrivedAt(instant) {
  tick();
  arrived = instant;
  tick();
}

export function keepAges() {
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:after:swap", tick);
}
