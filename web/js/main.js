// Main: starts what an open page does by itself. Everything on the page also works without it.
import { workerAddress } from "./trust.js";
import { keepAges } from "./age.js";
import { markChanges } from "./changed.js";
import { watchLine } from "./line.js";
import { openSheets } from "./sheet.js";

keepAges();
watchLine();
openSheets();
markChanges(document.getElementById("main"));

navigator.serviceWorker?.register(workerAddress);

for (const form of document.querySelectorAll("form[action='/sign-out']")) {
  form.addEventListener("submit", () => navigator.serviceWorker?.controller?.postMessage("signed out"));
}
