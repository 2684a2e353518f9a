import { arrivedAt } from "./age.js";

// Line: says whether the page is live, and what it shows while there is none.
export function watchLine() {
  const say = (state) => document.documentElement.setAttribute("data-line", state);
  document.addEventListener("htmx:sse:after:connection", () => say("live"));
  document.addEventListener("htmx:sse:error", () => say("lost"));
  document.addEventListener("htmx:sse:close", () => say("lost"));

  const note = document.getElementById("offline");
  const show = () => note.toggleAttribute("hidden", navigator.onLine && !note.hasAttribute("data-kept"));
  note.querySelector("[data-as-of]").textContent = document.querySelector("#asof")?.firstChild?.textContent.trim() ?? "";
  addEventListener("online", show);
  addEventListener("offline", show);
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (!data.keptAt) return;
    arrivedAt(data.keptAt);
    note.setAttribute("data-kept", "");
    show();
  });
  show();
}
