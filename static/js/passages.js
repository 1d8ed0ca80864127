// The text that is judged, as something to point at: sentences with numbers, words that are selected,
// and what was marked, laid over it. Passages are counted in characters of Unicode, as the server
// counts them; a browser counts in halves of some of them.

const spans = () => [...document.querySelectorAll("[data-text] .sentence")];
const wordsOf = (sentence) => sentence.querySelector("[data-words]");
const startOf = (sentence) => Number(sentence.dataset.start);
const hashOf = (sentence) => sentence.closest("[data-text]").dataset.text;
const lengthOf = (text) => [...text].length;
const endOf = (sentence) => startOf(sentence) + lengthOf(wordsOf(sentence).textContent);

export const sentenceNumbered = (number) =>
  spans().find((sentence) => Number(sentence.dataset.sentence) === number);

// Without the blanks at its end.
export function passageOf(sentence) {
  const quotation = wordsOf(sentence).textContent.trimEnd();
  const start = startOf(sentence);
  return { start, end: start + lengthOf(quotation), quotation, text_sha256: hashOf(sentence) };
}

// --- sentences as buttons --------------------------------------------------------------------------

// One of the numbers is reached by Tab, the others from it by the arrow keys.
function asButton(number, sentence, label, act) {
  number.role = "button";
  number.tabIndex = -1;
  number.ariaLabel = label.replace("{n}", sentence.dataset.sentence);
  number.ariaPressed = "false";
  number.addEventListener("keydown", (event) => {
    const to = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (to) {
      const all = spans();
      const next = all[all.indexOf(sentence) + to]?.querySelector(".sentence__number");
      if (!next) return;
      number.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      act(sentence);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
}

export function prepareText(question, act) {
  if (!question.querySelector("[data-marks]") || question.matches("fieldset:disabled *")) return;
  for (const sentence of spans()) {
    const number = sentence.querySelector(".sentence__number");
    if (number.role !== "button") asButton(number, sentence, question.dataset.sentence, act);
  }
  const first = spans()[0]?.querySelector(".sentence__number");
  if (first) first.tabIndex = 0;
  for (const text of document.querySelectorAll("[data-text]")) text.dataset.live = "";
}

// --- what was marked -------------------------------------------------------------------------------

function markOf(text, signs, isCurrent) {
  const element = document.createElement("mark");
  element.className = "passage";
  element.dataset.sign = signs.size === 1 ? [...signs][0] : "both";
  element.toggleAttribute("data-current", isCurrent);
  element.textContent = text;
  return element;
}

// The words cut wherever a passage begins or ends.
function pieces(sentence, passages, current) {
  const characters = [...wordsOf(sentence).textContent];
  const start = startOf(sentence);
  const end = start + characters.length;
  const bounds = passages.flatMap((one) => [one.start, one.end]);
  const cuts = [...new Set([start, end, ...bounds])]
    .filter((cut) => cut >= start && cut <= end)
    .sort((one, other) => one - other);
  return cuts.slice(0, -1).map((from, at) => {
    const to = cuts[at + 1];
    const text = characters.slice(from - start, to - start).join("");
    const over = passages.filter((one) => one.start <= from && one.end >= to);
    if (over.length === 0) return document.createTextNode(text);
    const signs = new Set(over.map((one) => one.sign));
    return markOf(text, signs, over.some((one) => one.dimension === current));
  });
}

export function drawPassages(passages, current) {
  for (const sentence of spans()) {
    const [from, to] = [startOf(sentence), endOf(sentence)];
    const own = passages.filter(
      (one) => one.text_sha256 === hashOf(sentence) && one.start < to && one.end > from,
    );
    if (own.length > 0 || wordsOf(sentence).querySelector("mark")) {
      wordsOf(sentence).replaceChildren(...pieces(sentence, own, current));
    }
    sentence.querySelector(".sentence__number").ariaPressed = String(own.length > 0);
  }
}

// --- words that are selected -----------------------------------------------------------------------

// Where a point of the page lies in the text; outside of any words the nearest place is meant.
function placeOf(node, offset, isEnd) {
  const point = document.createRange();
  point.setStart(node, offset);
  let best = null;
  for (const sentence of spans()) {
    const words = document.createRange();
    words.selectNodeContents(wordsOf(sentence));
    const isBefore = words.comparePoint(node, offset);
    if (isBefore === 0) {
      words.setEnd(node, offset);
      return { sentence, at: startOf(sentence) + lengthOf(words.toString()) };
    }
    if (isBefore > 0 && isEnd) best = { sentence, at: endOf(sentence) };
    if (isBefore < 0 && !isEnd) return { sentence, at: startOf(sentence) };
  }
  return best;
}

export function selectedPassage() {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const texts = [...document.querySelectorAll("[data-text][data-live]")];
  const text = texts.find((one) => range.intersectsNode(one));
  if (!text) return null;
  const from = placeOf(range.startContainer, range.startOffset, false);
  const to = placeOf(range.endContainer, range.endOffset, true);
  if (!from || !to || hashOf(from.sentence) !== hashOf(to.sentence)) return null;
  const whole = [...wholeOf(text)];
  let [start, end] = [from.at, to.at];
  while (start < end && !whole[start].trim()) start += 1;
  while (end > start && !whole[end - 1].trim()) end -= 1;
  if (start >= end) return null;
  const quotation = whole.slice(start, end).join("");
  return { start, end, quotation, text_sha256: text.dataset.text };
}

const wholeOf = (text) =>
  [...text.querySelectorAll("[data-words]")].map((words) => words.textContent).join("");

let waiting = null;
document.addEventListener("selectionchange", () => {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(() => {
    const passage = selectedPassage();
    if (!passage) return;
    const near = window.getSelection().getRangeAt(0);
    document.dispatchEvent(new CustomEvent("passage", { detail: { passage, near } }));
  }, 250);
});

// --- the values that are offered for a passage -------------------------------------------------------

let offered = null;

export function withdrawOffer() {
  offered?.remove();
  offered = null;
}

function button(words, act, sign = "") {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = words;
  element.className = "offer__value";
  if (sign) element.dataset.sign = sign;
  element.addEventListener("click", act);
  return element;
}

// One tap of a value stores the passage with it: of a value that has a stance with that, else with
// the sign that is chosen above.
export function offer(question, passage, near, values, act) {
  withdrawOffer();
  const box = document.createElement("div");
  box.className = "offer";
  box.role = "group";
  box.ariaLabel = question.dataset.offer;
  const quote = document.createElement("p");
  quote.className = "offer__quote";
  const words = document.createElement("bdi");
  words.textContent = `“${passage.quotation}”`;
  quote.append(words);
  let chosen = "";
  const signs = document.createElement("div");
  signs.className = "offer__signs";
  for (const one of ["1", "-1"]) {
    const choice = button(question.getAttribute(`data-stance-${one}`), () => {
      chosen = one;
      for (const other of signs.children) other.ariaPressed = String(other === choice);
    }, one);
    choice.ariaPressed = String(one === "1");
    signs.append(choice);
  }
  const list = document.createElement("div");
  list.className = "offer__values";
  for (const value of values) {
    list.append(
      button(value.word, () => {
        withdrawOffer();
        window.getSelection().removeAllRanges();
        act(value.name, chosen || (value.stance && value.stance !== "0" ? value.stance : "1"));
      }),
    );
  }
  box.append(quote, signs, list);
  document.getElementById("main").append(box);
  offered = box;
  place(box, near);
  // From a sentence one goes on to its values; whoever selects is still selecting.
  if (near instanceof Element) list.firstElementChild.focus({ preventScroll: true });
}

// Beside the words where there is room; on a phone the style sheet keeps it at the foot of the window.
function place(box, near) {
  const words = near.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = words.bottom + 8;
  const top = below + height < window.innerHeight ? below : Math.max(8, words.top - height - 8);
  const left = Math.min(Math.max(8, words.left), window.innerWidth - width - 8);
  box.style.setProperty("--top", `${top}px`);
  box.style.setProperty("--left", `${left}px`);
}

document.addEventListener("pointerdown", (event) => {
  if (!offered) return;
  // The words stay selected while a value is chosen for them.
  if (offered.contains(event.target)) event.preventDefault();
  else withdrawOffer();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !offered) return;
  withdrawOffer();
  spans()[0]?.querySelector(".sentence__number").focus({ preventScroll: true });
});
document.addEventListener("htmx:afterSwap", withdrawOffer);
