// Keyboard shortcuts that are written on the page: an element with data-key="2" is activated by
// that key. Keys belong to text fields while one has focus, and to the browser with a modifier.
// Keys inside a question (data-question) answer it only while it is the active one, which is marked:
// an answer, by whatever means, makes the next one active that has none, so that no key changes what
// was answered before. Backspace goes back to the question before, to answer it anew.
// The page's switch turns them off, for this browser and for good: single keys get in the way of
// people who dictate or who hit keys by accident (WCAG 2.1.4).

import { TYPING, isOn, isTyping, shownKey, writtenKey } from "./written-key.js";

const STORED = "valuecheck:keys";
// Enter on these already does what the reader sees.
const ACTS_ON_ENTER = "a[href], button, summary";

const root = document.documentElement;

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

function target(key) {
  const named = `[data-key="${CSS.escape(shownKey(key))}"]`;
  const usable = (element) => !element.disabled && !element.closest("[hidden]");
  const inQuestion = [...(activeQuestion()?.querySelectorAll(named) ?? [])].find(usable);
  if (inQuestion) return inQuestion;
  // The slider of an angle is only reached by its key, not moved.
  const isFree = (element) => !element.closest("[data-question]") || element.type === "range";
  return [...document.querySelectorAll(named)].find((found) => isFree(found) && usable(found));
}

const questions = () => [...document.querySelectorAll("[data-question]")];
const activeQuestion = () => document.querySelector("[data-question][data-active]");

// A question of many answers says itself whether it is open (data-open).
function isAnswered(question) {
  if (question.dataset.open) return question.dataset.open === "no";
  const fields = [...question.querySelectorAll("input[name], textarea[name]")];
  return fields.some((field) => (field.type === "radio" ? field.checked : field.value !== ""));
}

function activate(question) {
  for (const other of questions()) other.toggleAttribute("data-active", other === question);
  for (const button of document.querySelectorAll("[data-back]")) {
    button.disabled = !before(question);
  }
}

function activateFirst() {
  for (const button of document.querySelectorAll("[data-back]")) button.hidden = false;
  activate(questions().find((question) => !isAnswered(question)));
}

// The question after this one that waits for an answer, else an earlier one; none when all have one:
// then no key answers anything.
function waitingAfter(question) {
  const all = questions();
  const waiting = (others) => others.find((other) => other !== question && !isAnswered(other));
  return waiting(all.slice(all.indexOf(question) + 1)) ?? waiting(all);
}

function before(question) {
  const all = questions();
  return question ? all[all.indexOf(question) - 1] : all.at(-1);
}

const isInSight = (element) => {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight;
};

// Whoever answers by keys is taken to the question: a screen reader says what it asks, and the arrow
// keys still scroll. What is typed goes into a field where there is one.
function goTo(question, stays = false) {
  const field = question.querySelector(`input[type=range], ${TYPING}`);
  const takesFocus = field && !isAnswered(question) && !field.closest("[hidden]");
  if (!takesFocus) question.tabIndex = -1;
  (takesFocus ? field : question).focus({ preventScroll: true });
  activate(question);
  if (!stays) question.scrollIntoView({ block: "nearest" });
}

// The reader stays where they are in the conversation while the questions are out of sight.
function goOnFrom(question) {
  const next = waitingAfter(question);
  if (next) goTo(next, !isInSight(question));
  else activate(undefined);
}

function goBack() {
  const earlier = before(activeQuestion());
  if (earlier) goTo(earlier);
}

// A number is typed into the active question's field, whatever has focus.
function typeInto(question, key) {
  const field = question?.querySelector("input:is([type=number], [inputmode=decimal])");
  if (!field || field.disabled || !/^[-+.,0-9]$/.test(key)) return false;
  field.focus();
  field.select();
  return true;
}

// What a key folded open is seen, and what it asks for is the next thing that is typed.
function show(fold) {
  if (!fold.open) return;
  fold.querySelector("form :is(select, textarea)")?.focus({ preventScroll: true });
  fold.scrollIntoView({ block: "nearest" });
}

function press(found) {
  if (found.matches("input[type=range]")) {
    found.focus();
    return;
  }
  const question = found.closest("[data-question]");
  // The reader stays where they are in the conversation.
  if (found.matches("input[type=radio]")) found.focus({ preventScroll: true });
  found.click();
  if (found.matches("summary")) show(found.parentElement);
  if (!question) return;
  const said = found.closest("label").querySelector("[data-said]")?.textContent ?? found.value;
  document.dispatchEvent(new CustomEvent("say", { detail: said }));
  goOnFrom(question);
}

document.addEventListener("keydown", (event) => {
  if (!isOn() || event.defaultPrevented || event.repeat) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) && !(event.key === "Backspace" && isEmptyAnswer(event.target))) return;
  if (event.key === "Enter" && event.target.closest(ACTS_ON_ENTER)) return;
  const found = target(writtenKey(event));
  if (!found) {
    typeInto(activeQuestion(), event.key);
    return;
  }
  event.preventDefault();
  press(found);
});

const isEmptyAnswer = (field) => field.value === "" && Boolean(field.closest("[data-question]"));

document.addEventListener("focusin", (event) => {
  const question = event.target.closest("[data-question]");
  // From one choice to the next of the same question nothing changes.
  if (question && !question.contains(event.relatedTarget)) activate(question);
});

// By a finger, by the mouse or by the arrow keys: focus stays, the keys go to what is next.
function answered(event) {
  const question = event.target.closest?.("[data-question]");
  if (!question || isTyping(document.activeElement)) return;
  activate(question.dataset.open === "yes" ? question : waitingAfter(question));
}

document.addEventListener("input", answered);
// What is typed is answered when its field is left.
document.addEventListener("change", (event) => {
  const question = event.target.closest?.("[data-question]");
  if (question && isTyping(event.target)) activate(waitingAfter(question));
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]")) goBack();
  // What was chosen already, and is chosen again, is no input.
  else if (event.target.matches("input[type=radio]")) answered(event);
});

document.addEventListener("htmx:afterSwap", activateFirst);
document.addEventListener("restored", activateFirst);
activateFirst();

root.dataset.keys = remembered() === "off" ? "off" : "on";
document.querySelectorAll("[data-keys-switch]").forEach(offerSwitch);
