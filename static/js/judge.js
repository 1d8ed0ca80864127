// The rater's page: what was filled in survives a reload and a lost connection, focus moves to the
// next item, and a judgment that was not sent says so. Sending itself is htmx and, without
// script, a plain form. Keys are those of keys.js.

const PREFIX = "valuecheck:draft:";
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const FIELDS = ["label", "confidence", "comment"];

const page = document.getElementById("judging");
const currentForm = () => page.querySelector("form[data-draft]");

// Storage can be switched off or full: judging then works as well, only without drafts.
function stored(act) {
  try {
    return act(window.localStorage);
  } catch {
    return null;
  }
}

const keyOf = (form) => PREFIX + form.dataset.draft;

function valuesOf(form) {
  const data = new FormData(form);
  return Object.fromEntries(FIELDS.map((name) => [name, data.get(name) ?? ""]));
}

function saveDraft(form) {
  const draft = JSON.stringify({ at: Date.now(), ...valuesOf(form) });
  stored((storage) => storage.setItem(keyOf(form), draft));
}

function readDraft(key) {
  return stored((storage) => JSON.parse(storage.getItem(key)));
}

function restoreDraft(form) {
  const draft = readDraft(keyOf(form));
  // What the server filled in is what was just sent: it is newer than the draft.
  if (!draft || Object.values(valuesOf(form)).some(Boolean)) return;
  for (const name of FIELDS) {
    if (form.elements[name]) form.elements[name].value = draft[name];
  }
}

function dropDraft(key) {
  stored((storage) => storage.removeItem(key));
}

function dropOldDrafts() {
  const keys = stored((storage) => Object.keys(storage)) ?? [];
  for (const key of keys.filter((name) => name.startsWith(PREFIX))) {
    if (!(readDraft(key)?.at > Date.now() - KEPT_MS)) dropDraft(key);
  }
}

function showUnsent(why) {
  for (const notice of page.querySelectorAll("[data-unsent]")) {
    notice.hidden = notice.dataset.unsent !== why;
  }
  page.querySelector("[data-unsent]:not([hidden])")?.scrollIntoView({ block: "nearest" });
}

function isElsewhere(xhr) {
  const asked = new URL(currentForm().action, location.href).pathname;
  return Boolean(xhr.responseURL) && new URL(xhr.responseURL).pathname !== asked;
}

page.addEventListener("input", (event) => {
  if (event.target.form?.dataset.draft) saveDraft(event.target.form);
});

page.addEventListener("keydown", (event) => {
  // In the comment Enter is a new line; with Ctrl or Cmd it sends.
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.form?.requestSubmit();
  }
});

page.addEventListener("htmx:beforeRequest", () => showUnsent(null));

page.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  } else if (xhr.status < 400 && isElsewhere(xhr)) {
    // The sign-in page came back instead of the next item.
    event.detail.shouldSwap = false;
    showUnsent("signed-out");
  } else if (xhr.status < 400) {
    dropDraft(keyOf(currentForm()));
  }
});

page.addEventListener("htmx:sendError", () => showUnsent("offline"));
page.addEventListener("htmx:timeout", () => showUnsent("offline"));
page.addEventListener("htmx:responseError", () => showUnsent("refused"));

page.addEventListener("htmx:afterSwap", () => {
  const form = currentForm();
  if (form) restoreDraft(form);
  const target = page.querySelector(".field__error") ?? document.getElementById("item-heading");
  target?.focus({ preventScroll: target.id === "item-heading" });
});

dropOldDrafts();
if (currentForm()) restoreDraft(currentForm());
