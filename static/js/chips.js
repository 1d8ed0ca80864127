// The question of ten values: chips over plain fields, which hold the answer. A tap goes from
// supports to opposes, both, and none of these; what is not involved is said in one act, and is not
// the same as what was not touched. With the chips come the passages of the text that show a value
// (passages.js): a sentence that is tapped or named by its digit, or words that are selected.

import {
  drawPassages,
  offer,
  passageOf,
  prepareText,
  selectedPassage,
  sentenceNumbered,
  withdrawOffer,
} from "./passages.js";
import { isOn, isTyping, shownKey, writtenKey } from "./written-key.js";

const CYCLE = { "": "1", 1: "-1", "-1": "both", both: "", 0: "1" };
const SIGNS = { "+": "1", "-": "-1", 0: "0" };
const DRAWN = { 1: "+", "-1": "−", both: "±", 0: "0" };

// --- the answer as the fields hold it --------------------------------------------------------------

const chipsOf = (question) => [...question.querySelectorAll("[data-chip]")];
const chipOf = (question, name) => chipsOf(question).find((chip) => chip.dataset.chip === name);
const wordOf = (chip) => chip.querySelector(".chip__name").textContent;
const stanceOf = (chip) => chip.querySelector("input[type=radio]:checked")?.value ?? "";
const boxOf = (question, what) =>
  question.querySelector(`input[name="${question.dataset.field}-${what}"]`);
const marksField = (question) => question.querySelector("[data-marks]");
const stanceWord = (question, stance) => question.getAttribute(`data-stance-${stance || "none"}`);
const isOff = (question) => question.matches(":disabled, fieldset:disabled *");
const isOpen = (question) =>
  !boxOf(question, "cannot-tell").checked &&
  !boxOf(question, "rest").checked &&
  chipsOf(question).some((chip) => !stanceOf(chip));

function passagesOf(question) {
  try {
    return JSON.parse(marksField(question)?.value || "[]");
  } catch {
    return [];
  }
}

function setStance(chip, stance) {
  for (const field of chip.querySelectorAll("input[type=radio]")) {
    field.checked = field.value === stance;
  }
}

// A passage says what its value says: 'both' holds passages of either sign.
function fitting(question, passages) {
  return passages.flatMap((passage) => {
    const chip = chipOf(question, passage.dimension);
    const stance = chip ? stanceOf(chip) : "";
    if (!stance || stance === "0") return [];
    return [stance === "both" ? passage : { ...passage, sign: stance }];
  });
}

function setPassages(question, passages) {
  const field = marksField(question);
  if (!field) return;
  const kept = fitting(question, passages);
  field.value = kept.length ? JSON.stringify(kept) : "";
  field.dataset.words = kept.map((one) => `${one.dimension}: “${one.quotation}”`).join("; ");
}

// --- one step, and back ----------------------------------------------------------------------------

const memories = new WeakMap();

function memoryOf(question) {
  if (!memories.has(question)) memories.set(question, { current: null, earlier: [] });
  return memories.get(question);
}

function snapshot(question) {
  return {
    stances: chipsOf(question).map(stanceOf),
    rest: boxOf(question, "rest").checked,
    cannot: boxOf(question, "cannot-tell").checked,
    marks: marksField(question)?.value ?? "",
    current: memoryOf(question).current,
  };
}

function say(words) {
  document.dispatchEvent(new CustomEvent("say", { detail: words }));
}

// Everything that changes an answer goes through here, so that it can be taken back.
function step(question, change, words) {
  if (isOff(question)) return;
  memoryOf(question).earlier.push(snapshot(question));
  withdrawOffer();
  change();
  setPassages(question, passagesOf(question));
  finish(question);
  if (words) say(typeof words === "function" ? words() : words);
}

function undo(question) {
  const memory = memoryOf(question);
  const before = memory.earlier.pop();
  if (!before) return false;
  chipsOf(question).forEach((chip, at) => setStance(chip, before.stances[at]));
  boxOf(question, "rest").checked = before.rest;
  boxOf(question, "cannot-tell").checked = before.cannot;
  if (marksField(question)) marksField(question).value = before.marks;
  memory.current = before.current;
  finish(question);
  say(question.dataset.undone);
  return true;
}

function finish(question) {
  draw(question);
  // Drafts, and whoever waits for the question to be answered, hear of it.
  boxOf(question, "rest").dispatchEvent(new Event("input", { bubbles: true }));
}

const spoken = (question, chip) => () => `${wordOf(chip)}: ${stanceWord(question, shownStance(question, chip))}`;

function put(question, chip, stance) {
  step(
    question,
    () => {
      memoryOf(question).current = chip.dataset.chip;
      boxOf(question, "cannot-tell").checked = false;
      setStance(chip, stance);
    },
    spoken(question, chip),
  );
}

function sayRest(question) {
  const rest = boxOf(question, "rest");
  step(
    question,
    () => {
      rest.checked = !rest.checked;
      boxOf(question, "cannot-tell").checked = false;
      memoryOf(question).current = null;
    },
    () => question.querySelector("[data-rest-words]").textContent,
  );
}

function cannotTell(question) {
  const box = boxOf(question, "cannot-tell");
  step(
    question,
    () => {
      box.checked = !box.checked;
      memoryOf(question).current = null;
    },
    () => (box.checked ? box.dataset.words : question.dataset.undone),
  );
}

// --- passages --------------------------------------------------------------------------------------

const isSame = (one, other) =>
  ["dimension", "start", "end", "text_sha256"].every((name) => one[name] === other[name]);

// Store a passage with its value and sign, together; marked again, it is taken away.
function mark(question, chip, passage, stance) {
  const before = stanceOf(chip);
  const value = before && before !== "0" ? before : stance;
  if (!value || value === "0" || !marksField(question)) return;
  const isOther = before && before !== "0" && before !== "both" && before !== stance;
  const settled = isOther && stance && stance !== "both" ? "both" : value;
  const added = { ...passage, dimension: chip.dataset.chip, sign: stance || value };
  const had = passagesOf(question);
  const there = had.some((one) => isSame(one, added));
  step(
    question,
    () => {
      memoryOf(question).current = chip.dataset.chip;
      boxOf(question, "cannot-tell").checked = false;
      setStance(chip, settled);
      const left = had.filter((one) => !isSame(one, added));
      marksField(question).value = JSON.stringify(there ? left : [...left, added]);
    },
    () =>
      there
        ? question.dataset.remove.replace("{words}", passage.quotation)
        : `${spoken(question, chip)()}. “${passage.quotation}”`,
  );
}

// A sentence goes to the value that was named last; where there is none, the values are offered.
function markSentence(question, sentence) {
  if (!sentence || isOff(question) || !marksField(question)) return;
  const chip = chipOf(question, memoryOf(question).current);
  const stance = chip ? stanceOf(chip) : "";
  if (stance && stance !== "0") mark(question, chip, passageOf(sentence), stance);
  else offerPassage(question, passageOf(sentence), sentence);
}

function offerPassage(question, passage, near) {
  const values = chipsOf(question).map((chip) => ({
    name: chip.dataset.chip,
    word: wordOf(chip),
    key: chip.dataset.letter,
    stance: stanceOf(chip),
  }));
  offer(question, passage, near, values, (name, stance) =>
    mark(question, chipOf(question, name), passage, stance),
  );
}

document.addEventListener("passage", ({ detail }) => {
  const question = document.querySelector("[data-chips]");
  if (question && !isOff(question)) offerPassage(question, detail.passage, detail.near);
});

// --- drawing ---------------------------------------------------------------------------------------

function shownStance(question, chip) {
  return stanceOf(chip) || (boxOf(question, "rest").checked ? "0" : "");
}

function drawChip(question, chip, passages) {
  const stance = shownStance(question, chip);
  chip.dataset.stance = boxOf(question, "cannot-tell").checked ? "" : stance;
  chip.toggleAttribute("data-current", memoryOf(question).current === chip.dataset.chip);
  const sign = document.createElement("span");
  sign.className = "chip__sign";
  sign.ariaHidden = "true";
  sign.textContent = DRAWN[stance] ?? "";
  const word = document.createElement("span");
  word.textContent = stanceWord(question, stance);
  chip.querySelector(".chip__stance").replaceChildren(...(stance ? [sign, word] : []));
  const quotes = chip.querySelector(".chip__quotes");
  quotes.hidden = passages.length === 0;
  quotes.replaceChildren(...passages.map((passage) => quoteOf(question, chip, passage)));
}

function quoteOf(question, chip, passage) {
  const entry = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "chip__quote";
  button.dataset.sign = passage.sign;
  button.ariaLabel = question.dataset.remove.replace("{words}", passage.quotation);
  const words = document.createElement("bdi");
  words.textContent = passage.quotation;
  const away = document.createElement("span");
  away.ariaHidden = "true";
  away.textContent = "×";
  button.append(words, away);
  button.addEventListener("click", () => mark(question, chip, passage, passage.sign));
  entry.append(button);
  return entry;
}

function drawActs(question) {
  const rest = boxOf(question, "rest").checked;
  const left = chipsOf(question).filter((chip) => !stanceOf(chip)).length;
  const all = chipsOf(question).length;
  const { restAll, restLast, restDone } = question.dataset;
  const words = left === all ? restAll : left === 1 ? restLast : question.dataset.rest;
  const act = (what) => question.querySelector(`[data-act=${what}]`);
  act("rest").ariaPressed = String(rest);
  act("rest").hidden = left === 0 || boxOf(question, "cannot-tell").checked;
  question.querySelector("[data-rest-words]").textContent =
    rest && left < all ? restDone : words.replace("{n}", String(left));
  act("cannot").ariaPressed = String(boxOf(question, "cannot-tell").checked);
  act("undo").disabled = memoryOf(question).earlier.length === 0;
}

function draw(question) {
  const passages = passagesOf(question);
  for (const chip of chipsOf(question)) {
    drawChip(question, chip, passages.filter((one) => one.dimension === chip.dataset.chip));
  }
  drawActs(question);
  question.dataset.open = isOpen(question) ? "yes" : "no";
  question.classList.toggle("chips--cannot", boxOf(question, "cannot-tell").checked);
  if (!isOpen(question)) question.querySelector("[data-left]").hidden = true;
  drawPassages(passages, memoryOf(question).current);
}

// --- by finger and mouse ---------------------------------------------------------------------------

const ACTS = { rest: sayRest, cannot: cannotTell, undo };

document.addEventListener("click", (event) => {
  const question = event.target.closest?.("[data-chips]");
  const button = event.target.closest?.(".chip__button");
  if (question && button) {
    const chip = button.closest("[data-chip]");
    put(question, chip, CYCLE[stanceOf(chip)]);
    return;
  }
  const act = event.target.closest?.("[data-act]")?.dataset.act;
  if (question && act) {
    ACTS[act](question);
    return;
  }
  const sentence = event.target.closest?.(".sentence");
  // Whoever selects words means the words.
  if (sentence && window.getSelection().isCollapsed) {
    const own = document.querySelector("[data-chips]");
    if (own) markSentence(own, sentence);
  }
});

// --- by key ----------------------------------------------------------------------------------------

let lettered = null;

function goToChip(question, chip) {
  memoryOf(question).current = chip.dataset.chip;
  lettered = chip.querySelector(".chip__button");
  withdrawOffer();
  lettered.focus({ preventScroll: true });
  chip.scrollIntoView({ block: "nearest" });
  draw(question);
}

function onLetter(question, key) {
  const chip = chipsOf(question).find((one) => one.dataset.letter === key);
  if (!chip) return false;
  const selected = selectedPassage();
  const stance = stanceOf(chip);
  goToChip(question, chip);
  if (selected && stance && stance !== "0") markSelected(question, chip, selected, stance);
  return true;
}

function markSelected(question, chip, selected, stance) {
  window.getSelection().removeAllRanges();
  mark(question, chip, selected, stance);
}

function onSign(question, key) {
  const chip = chipOf(question, memoryOf(question).current);
  if (!(key in SIGNS) || !chip) return false;
  const selected = selectedPassage();
  if (selected && key !== "0") markSelected(question, chip, selected, SIGNS[key]);
  else put(question, chip, SIGNS[key]);
  return true;
}

function onDigit(question, key) {
  const sentence = /^[1-9]$/.test(key) && sentenceNumbered(Number(key));
  if (!sentence || !marksField(question)) return false;
  markSentence(question, sentence);
  return true;
}

// A button that was reached by Tab does what Enter does to buttons; one that a letter reached does not.
function onEnter(question, target) {
  const button = target.closest("a[href], button, summary");
  if (button && button !== lettered) return false;
  const send = question.form?.querySelector("button[type=submit]");
  if (isOpen(question)) {
    sayRest(question);
    send?.focus({ preventScroll: true });
  } else {
    send?.click();
  }
  return true;
}

function onKey(event) {
  const question = document.querySelector("[data-chips]");
  if (!question || isOff(question) || !isOn() || event.repeat || isTyping(event.target)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || question.closest("[hidden]")) return;
  const key = shownKey(writtenKey(event));
  const isActive = question.hasAttribute("data-active");
  const done =
    onLetter(question, key) ||
    (key === "x" && (cannotTell(question), true)) ||
    (key === "Backspace" && lastChanged === question && undo(question)) ||
    (key === "Enter" && (isActive || event.target === lettered) && onEnter(question, event.target)) ||
    (isActive && (onSign(question, key) || onDigit(question, key)));
  if (done) event.preventDefault();
}

// Before the keys of the page, which leave alone what was done.
document.addEventListener("keydown", onKey, true);

// What Backspace takes back is what was done last: of another question keys.js goes back.
let lastChanged = null;
document.addEventListener("input", (event) => {
  lastChanged = event.target.closest?.("[data-question]") ?? lastChanged;
});
document.addEventListener("focusin", (event) => {
  if (event.target !== lettered) lettered = null;
});

// --- sending ---------------------------------------------------------------------------------------

function sayLeft(event) {
  const question = event.target.querySelector?.("[data-chips]");
  if (!question || !isOpen(question)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const notice = question.querySelector("[data-left]");
  const left = chipsOf(question).filter((chip) => !stanceOf(chip)).length;
  notice.textContent = question.dataset.left.replace("{n}", String(left));
  notice.hidden = false;
  const rest = question.querySelector("[data-act=rest]");
  rest.focus({ preventScroll: true });
  rest.scrollIntoView({ block: "center" });
}

document.addEventListener("submit", sayLeft, true);

// --- beginning -------------------------------------------------------------------------------------

function prepare() {
  lastChanged = null;
  for (const question of document.querySelectorAll("[data-chips]")) {
    memories.delete(question);
    for (const piece of question.querySelectorAll("[data-plain]")) piece.hidden = true;
    for (const field of question.querySelectorAll("[name$='-sentences']")) field.disabled = true;
    for (const piece of question.querySelectorAll("[data-acts], [data-how], .chip__button")) {
      piece.hidden = false;
    }
    question.classList.add("chips--live");
    setPassages(question, passagesOf(question));
    prepareText(question, (sentence) => markSentence(question, sentence));
    draw(question);
  }
}

document.addEventListener("htmx:afterSwap", prepare);
// A draft that was put back.
document.addEventListener("restored", prepare);
prepare();
