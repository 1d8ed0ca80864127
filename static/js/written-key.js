// What keys mean on pages of questions: which key was pressed as the page writes it, and whether the
// keys are the page's at all.

export const TYPING =
  "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable]";

export const isTyping = (element) => Boolean(element.closest?.(TYPING));

export const isOn = () => document.documentElement.dataset.keys !== "off";

// On a keyboard of another script, or with an input method on, the key that sits where the written
// one does: the letters and digits on the page are those of the Latin layout.
const SIGNS = { Minus: "-", NumpadSubtract: "-", Equal: "+", NumpadAdd: "+" };

export function writtenKey({ key, code }) {
  if (/^[!-~]$/.test(key) || !(key.length === 1 || key === "Process")) return key;
  if (code in SIGNS) return SIGNS[code];
  return /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(code)?.[1] ?? key;
}

// "=" is "+" without Shift on many keyboards.
export const shownKey = (key) => (key === "=" ? "+" : key.length === 1 ? key.toLowerCase() : key);
