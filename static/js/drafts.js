// What a rater filled in lives in this browser until it is stored or they discard it: over a reload,
// a lost connection, and a server that did not take it. What could not be stored is shown with a
// button that discards it. Drafts belong to a part, so that people who share a browser meet their own.

const PREFIX = "valuecheck:draft:";

const box = document.querySelector("[data-kept-drafts]");
const part = `${PREFIX}${box?.dataset.keptDrafts}:`;

// Storage can be switched off or full: judging then works as well, only without drafts.
function stored(act) {
  try {
    return act(window.localStorage);
  } catch {
    return null;
  }
}

const keyOf = (form) => part + form.dataset.draft;
const read = (key) => stored((storage) => JSON.parse(storage.getItem(key)));
const drop = (key) => stored((storage) => storage.removeItem(key));
const ownKeys = () =>
  (stored((storage) => Object.keys(storage)) ?? []).filter((key) => key.startsWith(part));

// What the rater fills in: every named field but the hidden ones.
function filledIn(form) {
  return [...form.elements].filter((field) => field.name && field.type !== "hidden");
}

const isPicked = (field) => field.type === "radio" || field.type === "checkbox";

function valuesOf(form) {
  const values = {};
  for (const field of filledIn(form)) {
    if (!isPicked(field)) values[field.name] = field.value;
    else values[field.name] = field.checked ? field.value : (values[field.name] ?? "");
  }
  return values;
}

const saidBy = (element) => element?.innerText || (element?.textContent.trim() ?? "");

// The same in words, for when the form is gone: question and answer.
function wordsOf(form) {
  const said = filledIn(form).filter((field) =>
    isPicked(field) ? field.checked : field.value.trim(),
  );
  return said.map((field) => {
    const label = field.labels?.[0];
    if (field.dataset.words) return [field.ariaLabel ?? "", field.dataset.words];
    if (!isPicked(field)) return [label?.innerText ?? "", field.value];
    const legend = field.closest("fieldset")?.querySelector("legend");
    const chosen = label?.querySelector(".choice__text") ?? label;
    // Words that are hidden have no innerText.
    return [saidBy(legend), saidBy(chosen) || field.value];
  });
}

const asked = (form) => form.elements.question_version?.value;

export function saveDraft(form, refused = false) {
  const draft = { values: valuesOf(form), words: wordsOf(form), asked: asked(form), refused };
  stored((storage) => storage.setItem(keyOf(form), JSON.stringify(draft)));
}

export function restoreDraft(form) {
  const draft = read(keyOf(form));
  // What the server filled in is what was just sent: it is newer than the draft.
  if (!draft?.values || Object.values(valuesOf(form)).some(Boolean)) return;
  // Another question may mean something else by the same answer: then only words come back.
  const isSame = draft.asked === asked(form);
  for (const field of filledIn(form)) {
    const value = draft.values[field.name] ?? "";
    if (isPicked(field)) field.checked = isSame && value !== "" && field.value === value;
    else field.value = value;
  }
  document.dispatchEvent(new Event("restored"));
}

export const dropDraft = (form) => drop(keyOf(form));

export function dropAllDrafts() {
  ownKeys().forEach(drop);
}

// Everything that could not be stored and stands in no form of the page.
export function showKept() {
  if (!box) return;
  const form = document.querySelector("form[data-draft]");
  const here = form && keyOf(form);
  const kept = ownKeys().filter((key) => {
    const draft = read(key);
    return key !== here && draft?.refused && draft.words.length > 0;
  });
  box.hidden = kept.length === 0;
  box.querySelector("[data-list]").replaceChildren(...kept.map(entryOf));
}

function entryOf(key) {
  const entry = box.querySelector("template").content.cloneNode(true).firstElementChild;
  for (const [question, answer] of read(key).words) {
    const name = document.createElement("dt");
    const words = document.createElement("dd");
    [name.textContent, words.textContent] = [question, answer];
    name.dir = words.dir = "auto";
    const pair = document.createElement("div");
    pair.append(name, words);
    entry.querySelector("dl").append(pair);
  }
  entry.querySelector("button").addEventListener("click", () => {
    drop(key);
    showKept();
  });
  return entry;
}

showKept();
