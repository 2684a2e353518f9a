// Changed: marks a number that a stream has changed, for a moment, and nothing else moves on the page.
function numberOf(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element?.closest("[data-n]");
}

function mark(number) {
  number.removeAttribute("data-changed");
  requestAnimationFrame(() => number.setAttribute("data-changed", ""));
}

export function markChanges(root) {
  const notice = (records) => new Set(records.map(({ target }) => numberOf(target))).forEach((one) => one && mark(one));
  new MutationObserver(notice).observe(root, { subtree: true, childList: true, characterData: true });
  root.addEventListener("animationend", ({ target }) => target.removeAttribute("data-changed"));
}
