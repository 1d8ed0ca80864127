// A board that renews itself while somebody can see it: never in a hidden tab, at once on return.

const board = document.querySelector("[data-renews]");
const EVERY_MS = 10000;

function renew() {
  // A focused link inside would be lost with what it stands in.
  if (!document.hidden && !board.contains(document.activeElement)) {
    window.htmx.trigger(board, "renew");
  }
}

if (board) {
  window.setInterval(renew, EVERY_MS);
  document.addEventListener("visibilitychange", renew);
}
