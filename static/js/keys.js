// Keyboard shortcuts that are written on the page: an element with data-key="2" is activated by
// that key. Keys belong to text fields while one has focus, and to the browser with a modifier.
// The page's switch turns them off, for this browser and for good: single keys get in the way of
// people who dictate or who hit keys by accident (WCAG 2.1.4).

const STORED = "valuecheck:keys";
const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
// Enter on these already does what the reader sees.
const ACTS_ON_ENTER = "a[href], button, summary";

const root = document.documentElement;
const isOn = () => root.dataset.keys !== "off";

function remembered() {
  try {
    return window.localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

function remember(state) {
  root.dataset.keys = state;
  try {
    window.localStorage.setItem(STORED, state);
  } catch {
    // Storage is switched off or full: the choice holds for this page.
  }
}

function offerSwitch(label) {
  const box = label.querySelector("input");
  box.checked = isOn();
  label.hidden = false;
  box.addEventListener("change", () => remember(box.checked ? "on" : "off"));
}

function target(key) {
  const named = CSS.escape(key.length === 1 ? key.toLowerCase() : key);
  return document.querySelector(`[data-key="${named}"]:not([disabled])`);
}

document.addEventListener("keydown", (event) => {
  if (!isOn() || event.defaultPrevented || event.repeat) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest(TYPING)) return;
  if (event.key === "Enter" && event.target.closest(ACTS_ON_ENTER)) return;
  const found = target(event.key);
  if (!found) return;
  event.preventDefault();
  // The reader stays where they are in the conversation.
  if (found.matches("input[type=radio]")) found.focus({ preventScroll: true });
  found.click();
});

root.dataset.keys = remembered() === "off" ? "off" : "on";
document.querySelectorAll("[data-keys-switch]").forEach(offerSwitch);
