// Sheet: opens what explains a number over the page, once htmx has put it there; without scripts it is a page.
export function openSheets() {
  const sheet = document.getElementById("sheet");
  document.addEventListener("htmx:after:swap", () => {
    if (document.getElementById("sheet-body").childElementCount && !sheet.open) sheet.showModal();
  });
  sheet.addEventListener("close", () => document.getElementById("sheet-body").replaceChildren());
  sheet.addEventListener("click", ({ target }) => target === sheet && sheet.close());
}
