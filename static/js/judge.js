// The rater's page: what was filled in survives a reload and a lost connection and is sent when it
// is back, focus moves to the next item, a judgment that was not sent says so, and time away from
// the page is counted apart. Sending itself is htmx and, without script, a plain form. Keys are
// those of keys.js.

import { dropAllDrafts, dropDraft, restoreDraft, saveDraft, showKept } from "./drafts.js";

const RETRY_MS = 5000;
const ONE_COLUMN = window.matchMedia("(max-width: 61.99rem)");

const page = document.getElementById("judging");
const currentForm = () => page.querySelector("form[data-draft]");

// --- drafts --------------------------------------------------------------------------------------

page.addEventListener("input", (event) => {
  if (!event.target.form?.dataset.draft) return;
  saveDraft(event.target.form);
  if (isUnsent()) tryLater();
});

// --- time away -----------------------------------------------------------------------------------

const clock = { away: 0, losses: 0, since: null, paused: false };

const isAway = () => clock.paused || document.hidden || !document.hasFocus();

function tick() {
  const away = isAway();
  if (away && clock.since === null) {
    clock.since = performance.now();
    if (!clock.paused) clock.losses += 1;
  } else if (!away && clock.since !== null) {
    clock.away += performance.now() - clock.since;
    clock.since = null;
  }
}

function startClock() {
  Object.assign(clock, { away: 0, losses: 0, since: null });
}

function writeClock(form) {
  tick();
  const running = clock.since === null ? 0 : performance.now() - clock.since;
  const field = (name) => form.querySelector(`[data-${name}]`);
  field("away").value = ((clock.away + running) / 1000).toFixed(3);
  field("losses").value = String(clock.losses);
}

document.addEventListener("visibilitychange", tick);
window.addEventListener("blur", tick);
window.addEventListener("focus", tick);

// --- pause ---------------------------------------------------------------------------------------

const pauseButton = document.querySelector("[data-pause]");
const pausedBox = document.querySelector("[data-paused]");

function pause(paused) {
  clock.paused = paused;
  tick();
  page.hidden = paused;
  pausedBox.hidden = !paused;
  pauseButton.hidden = paused;
  if (paused) pausedBox.querySelector("h2").focus();
  else document.getElementById("item-heading")?.focus({ preventScroll: true });
}

if (pauseButton) {
  pauseButton.hidden = false;
  pauseButton.addEventListener("click", () => pause(true));
  pausedBox.querySelector("[data-resume]").addEventListener("click", () => pause(false));
}

// --- sending -------------------------------------------------------------------------------------

function showUnsent(why) {
  // Filled in by the server or restored, it may be in no draft yet: a reload must find it.
  if (why && currentForm()) saveDraft(currentForm());
  for (const notice of page.querySelectorAll("[data-unsent]")) {
    notice.hidden = notice.dataset.unsent !== why;
  }
  page.querySelector("[data-unsent]:not([hidden])")?.scrollIntoView({ block: "nearest" });
}

const isUnsent = () => Boolean(page.querySelector("[data-unsent=offline]:not([hidden])"));

// What could not be sent goes out by itself when the connection or the server is back, but not
// while somebody is still changing it.
let nextTry = null;

function sendUnsent() {
  if (isUnsent()) currentForm()?.requestSubmit();
}

function tryLater() {
  window.clearTimeout(nextTry);
  nextTry = window.setTimeout(sendUnsent, RETRY_MS);
}

function keepUnsent(event) {
  if (!isJudgment(event)) return;
  // The notice says it; the toast of other pages would say it in other words.
  event.stopPropagation();
  if (!isUnsent()) showUnsent("offline");
  tryLater();
}

function sayRefused(event) {
  if (!isJudgment(event)) return;
  event.stopPropagation();
  // 403: the cookies of the page are gone, and with them whose part it is.
  showUnsent(event.detail.xhr.status === 403 ? "signed-out" : "refused");
}

function isElsewhere(xhr) {
  const form = page.querySelector("form[action]");
  if (!form || !xhr.responseURL) return false;
  return new URL(xhr.responseURL).pathname !== new URL(form.action, location.href).pathname;
}

// A form's own field called "action" would hide its address: ours have none.
const isJudgment = (event) => event.detail.elt === currentForm();

page.addEventListener("keydown", (event) => {
  // In the comment Enter is a new line; with Ctrl or Cmd it sends.
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.form?.requestSubmit();
  }
});

page.addEventListener("htmx:configRequest", (event) => {
  if (!isJudgment(event)) return;
  const form = currentForm();
  writeClock(form);
  for (const name of ["away", "losses"]) {
    event.detail.parameters[name] = form.elements[name].value;
  }
});

page.addEventListener("submit", (event) => {
  if (event.target === currentForm()) writeClock(event.target);
});

page.addEventListener("htmx:beforeRequest", () => {
  // The notice stays while it is tried again: it is not read out anew each time.
  if (!isUnsent()) showUnsent(null);
});

// The server says whether what was sent is in the study: until then the draft stays.
page.addEventListener("htmx:beforeOnLoad", (event) => {
  const form = currentForm();
  const kept = event.detail.xhr.getResponseHeader("Judgment-Kept");
  if (form && kept === "yes") dropDraft(form);
  if (form && kept === "no") saveDraft(form, true);
});

page.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 410) {
    // The data were deleted in another tab: what was filled in goes with them.
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    dropAllDrafts();
  } else if (xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  } else if (xhr.status < 400 && isElsewhere(xhr)) {
    // The sign-in page came back instead of the next item.
    event.detail.shouldSwap = false;
    showUnsent("signed-out");
  } else if (xhr.status < 400 && event.detail.shouldSwap) {
    if (!event.detail.requestConfig?.elt?.hasAttribute("data-report")) startClock();
  }
});

page.addEventListener("htmx:sendError", keepUnsent);
page.addEventListener("htmx:timeout", keepUnsent);
page.addEventListener("htmx:responseError", sayRefused);
window.addEventListener("online", sendUnsent);

// A problem that was reported leaves the page as it is, but for the words that were sent.
page.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!event.detail.successful || !form.matches?.("[data-report]")) return;
  form.reset();
  form.closest("details").open = false;
});

// What is wrong comes into view; the next item from its beginning, on a phone without the head of
// the site.
page.addEventListener("htmx:afterSwap", () => {
  const form = currentForm();
  if (form) restoreDraft(form);
  showKept();
  const error = page.querySelector(".field__error");
  if (error) {
    error.focus();
    return;
  }
  document.getElementById("item-heading")?.focus({ preventScroll: true });
  const head = document.querySelector(".judge-head").getBoundingClientRect();
  window.scrollTo(0, ONE_COLUMN.matches ? window.scrollY + head.top - 8 : 0);
});

if (currentForm()) restoreDraft(currentForm());
tick();
