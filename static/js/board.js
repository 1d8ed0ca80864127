// A board that renews itself while somebody can see it: never in a hidden tab, at once on return.

const board = document.querySelector("[data-renews]");
const EVERY_MS = 10000;

function renew() {
  // A focused link inside would be lost with what it stands in.
  if (!document.hidden && !board.contains(document.activeElement)) {
    window.htmx.trigger(board, "renew");
  }
}

function keepFolds() {
  // What was folded open or shut stays so in the new board.
  const folds = new Map();
  board.addEventListener("htmx:beforeSwap", () => {
    for (const fold of board.querySelectorAll("details[id]")) folds.set(fold.id, fold.open);
  });
  board.addEventListener("htmx:afterSwap", () => {
    for (const fold of board.querySelectorAll("details[id]")) {
      fold.open = folds.get(fold.id) ?? fold.open;
    }
  });
}

if (board) {
  keepFolds();
  window.setInterval(renew, EVERY_MS);
  document.addEventListener("visibilitychange", renew);
}
