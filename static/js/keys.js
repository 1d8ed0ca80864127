// Keyboard shortcuts that are written on the page: an element with data-key="2" is activated by
// that key. Keys belong to text fields while one has focus, and to the browser with a modifier.
// Where a page asks several questions (data-question), keys that more than one of them has answer
// the active one: it is marked, and answering it makes the next one active that is not answered.
// The page's switch turns them off, for this browser and for good: single keys get in the way of
// people who dictate or who hit keys by accident (WCAG 2.1.4).

const STORED = "valuecheck:keys";
const TYPING =
  "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable]";
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
  // Where fingers are at work it stands at the end, out of the way of what is read.
  if (window.matchMedia("(hover: none) and (pointer: coarse)").matches) {
    document.querySelector("main").append(label);
  }
  box.addEventListener("change", () => remember(box.checked ? "on" : "off"));
}

// On a keyboard of another script, or with an input method on, the key that sits where the written
// one does: the letters and digits on the page are those of the Latin layout.
function writtenKey({ key, code }) {
  if (/^[!-~]$/.test(key) || !(key.length === 1 || key === "Process")) return key;
  return /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(code)?.[1] ?? key;
}

function target(key) {
  const named = `[data-key="${CSS.escape(key.length === 1 ? key.toLowerCase() : key)}"]:enabled`;
  const found =
    activeQuestion()?.querySelector(named) ??
    document.querySelector(named) ??
    document.querySelector(named.replace(":enabled", ":is(summary, a)"));
  return found?.closest("[hidden]") ? null : found;
}

const questions = () => [...document.querySelectorAll("[data-question]")];
const activeQuestion = () => document.querySelector("[data-question][data-active]");

function isAnswered(question) {
  const fields = [...question.querySelectorAll("input[name]")];
  return fields.some((field) => (field.type === "radio" ? field.checked : field.value !== ""));
}

function activate(question) {
  for (const other of questions()) other.toggleAttribute("data-active", other === question);
}

function activateFirst() {
  const all = questions();
  if (all.length > 1) activate(all.find((question) => !isAnswered(question)) ?? all.at(-1));
}

// After an answer by key the next question that waits for one is active, and in view.
function goOnFrom(question) {
  const all = questions();
  const next = all.slice(all.indexOf(question) + 1).find((other) => !isAnswered(other));
  if (!next) return;
  activate(next);
  next.scrollIntoView({ block: "nearest" });
}

// What a key folded open is seen, and what it asks for is the next thing that is typed.
function show(fold) {
  if (!fold.open) return;
  fold.querySelector("form :is(select, textarea)")?.focus({ preventScroll: true });
  fold.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (!isOn() || event.defaultPrevented || event.repeat) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest(TYPING)) return;
  if (event.key === "Enter" && event.target.closest(ACTS_ON_ENTER)) return;
  const found = target(writtenKey(event));
  if (!found) return;
  event.preventDefault();
  if (found.matches("input[type=range]")) {
    found.focus();
    return;
  }
  // The reader stays where they are in the conversation.
  if (found.matches("input[type=radio]")) found.focus({ preventScroll: true });
  found.click();
  if (found.matches("summary")) show(found.parentElement);
  const question = found.closest("[data-question]");
  if (question?.hasAttribute("data-active")) goOnFrom(question);
});

document.addEventListener("focusin", (event) => {
  const question = event.target.closest("[data-question]");
  if (question && questions().length > 1) activate(question);
});

document.addEventListener("htmx:afterSwap", activateFirst);
document.addEventListener("restored", activateFirst);
activateFirst();

root.dataset.keys = remembered() === "off" ? "off" : "on";
document.querySelectorAll("[data-keys-switch]").forEach(offerSwitch);
