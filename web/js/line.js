// Line: says whether the page is live, what it shows while it is not, and tries again. htmx itself tries again only
// once it has been connected.
import { arrivedAt } from "./age.js";

export function watchLine() {
  const say = (state) => document.documentElement.setAttribute("data-line", state);
  document.addEventListener("htmx:error", ({ target }) => {
    if (!target.hasAttribute?.("hx-sse:connect")) return;
    say("lost");
    setTimeout(() => target.dispatchEvent(new Event("again")), 2000 + Math.random() * 2000);
  });
  document.addEventListener("htmx:sse:error", () => say("lost"));
  document.addEventListener("htmx:sse:close", () => say("lost"));

  const note = document.getElementById("offline");
  if (!note) return;
  const show = () => note.toggleAttribute("hidden", navigator.onLine && !note.hasAttribute("data-kept"));
  note.querySelector("[data-as-of]").textContent = document.querySelector("#asof")?.firstChild?.textContent.trim() ?? "";
  addEventListener("online", () => {
    show();
    document.querySelector("[hx-sse\\:connect]")?.dispatchEvent(new Event("again"));
  });
  document.addEventListener("htmx:sse:after:connection", () => {
    say("live");
    note.removeAttribute("data-kept");
    show();
  });
  addEventListener("offline", show);
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (!data.keptAt) return;
    arrivedAt(data.keptAt);
    note.setAttribute("data-kept", "");
    show();
  });
  show();
}
