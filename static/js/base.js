// The few things every page does: speak to screen readers, show toasts, close menus, own up to
// failed requests.

const live = document.getElementById("live");
const toasts = document.getElementById("toasts");
const TOAST_MS = 6000;

function say(text) {
  // Emptied first: the same words twice would otherwise not be read again.
  live.textContent = "";
  window.setTimeout(() => {
    live.textContent = text;
  }, 50);
}

function toast({ text, tone = "info" }) {
  const box = document.createElement("p");
  box.className = `toast toast--${tone}`;
  box.textContent = text;
  toasts.append(box);
  say(text);
  window.setTimeout(() => box.remove(), TOAST_MS);
}

// htmx puts a bare string from HX-Trigger under detail.value.
const words = (detail) => (typeof detail === "string" ? detail : (detail.value ?? detail.text ?? ""));

document.addEventListener("say", (event) => say(words(event.detail)));
document.addEventListener("toast", (event) =>
  toast({ text: words(event.detail), tone: event.detail.tone }),
);

// A form that came back with something wrong: the reader begins there.
document.querySelector(".field__error[tabindex]")?.focus();

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

document.addEventListener("htmx:sendError", () =>
  toast({ text: document.body.dataset.offline, tone: "error" }),
);
document.addEventListener("htmx:responseError", () =>
  toast({ text: document.body.dataset.failed, tone: "error" }),
);
