// The angle question: the number is the answer; dragging on the ring or moving the slider sets it,
// and typing it moves them. Nothing is set until the rater sets it.

const PAGE = 5;

function parts(question) {
  const [x, y] = question.dataset.centre.split(" ").map(Number);
  return {
    centre: { x, y },
    reach: Number(question.dataset.reach),
    svg: question.querySelector("svg"),
    hand: question.querySelector("[data-angle-hand]"),
    knob: question.querySelector("[data-angle-knob]"),
    slider: question.querySelector("input[type=range]"),
    number: question.querySelector("input[type=number]"),
  };
}

function clamped(degrees, slider) {
  return Math.min(Number(slider.max), Math.max(Number(slider.min), degrees));
}

// Draw what the number says; an empty one leaves the hand away and the slider grey.
function show(question) {
  const { centre, reach, hand, knob, slider, number } = parts(question);
  const isSet = number.value !== "" && number.checkValidity();
  question.classList.toggle("angle--unset", !isSet);
  for (const mark of [hand, knob]) {
    mark.setAttribute("visibility", isSet ? "visible" : "hidden");
  }
  if (!isSet) {
    slider.setAttribute("aria-valuetext", slider.dataset.unset);
    return;
  }
  const turn = (Number(number.value) * Math.PI) / 180;
  const at = { x: centre.x + reach * Math.cos(turn), y: centre.y - reach * Math.sin(turn) };
  hand.setAttribute("x2", at.x);
  hand.setAttribute("y2", at.y);
  knob.setAttribute("cx", at.x);
  knob.setAttribute("cy", at.y);
  slider.value = number.value;
  slider.setAttribute("aria-valuetext", `${number.value} ${slider.dataset.degrees}`);
}

function set(question, degrees) {
  const { slider, number } = parts(question);
  number.value = String(clamped(Math.round(degrees), slider));
  // Drafts, and whoever waits for the question to be answered, hear of it.
  number.dispatchEvent(new Event("input", { bubbles: true }));
}

function degreesAt(question, event) {
  const { svg, centre } = parts(question);
  const point = new DOMPoint(event.clientX, event.clientY);
  const at = point.matrixTransform(svg.getScreenCTM().inverse());
  return (Math.atan2(centre.y - at.y, at.x - centre.x) * 180) / Math.PI;
}

const questionOf = (node) => node.closest?.("[data-angle]");

function begin(event) {
  const svg = event.target.closest?.(".angle__svg");
  if (!svg || event.button !== 0 || svg.closest("fieldset:disabled")) return;
  event.preventDefault();
  svg.setPointerCapture(event.pointerId);
  const question = questionOf(svg);
  set(question, degreesAt(question, event));
  parts(question).slider.focus({ preventScroll: true });
}

function drag(event) {
  const svg = event.target.closest?.(".angle__svg");
  if (!svg?.hasPointerCapture(event.pointerId)) return;
  const question = questionOf(svg);
  set(question, degreesAt(question, event));
}

// The browser's own steps for Page keys, and for arrows with Shift, differ from one to the next.
const STEPS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };
const PAGES = { PageUp: PAGE, PageDown: -PAGE };

function byKey(event) {
  if (event.target.type !== "range" || event.ctrlKey || event.metaKey || event.altKey) return;
  const question = questionOf(event.target);
  if (!question) return;
  const step = PAGES[event.key] ?? STEPS[event.key] * (event.shiftKey ? PAGE : 1);
  if (Number.isNaN(step)) return;
  event.preventDefault();
  const { slider, number } = parts(question);
  set(question, Number(number.value === "" ? slider.value : number.value) + step);
}

document.addEventListener("pointerdown", begin);
document.addEventListener("pointermove", drag);
document.addEventListener("keydown", byKey);
document.addEventListener("input", (event) => {
  const question = questionOf(event.target);
  if (!question) return;
  if (event.target.type === "range") set(question, Number(event.target.value));
  else show(question);
});

function prepare() {
  for (const question of document.querySelectorAll("[data-angle]")) {
    for (const piece of question.querySelectorAll("[data-angle-ring], [data-angle-slider]")) {
      piece.hidden = false;
    }
    show(question);
  }
}

document.addEventListener("htmx:afterSwap", prepare);
// A draft that was put back.
document.addEventListener("restored", prepare);
prepare();
