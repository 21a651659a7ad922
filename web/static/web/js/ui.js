// What the components need of scripts: menus, dialogs, toasts, filters that send themselves, copying.
"use strict";

const librarian = (window.librarian = {});
const LEAVES_AFTER_MS = 6000;

// Menus open and close by themselves; this closes one when the person looks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
  } else if (event.target.closest("[data-close]")) {
    event.target.closest("dialog")?.close();
  } else if (event.target.matches("dialog.dialog")) {
    closeWhenOutside(event.target, event);
  }
});

function closeWhenOutside(dialog, event) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const inside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
  if (!inside && event.detail) dialog.close();
}

librarian.toast = (text, kind = "info") => {
  const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  toast.className = `toast toast-${kind}`;
  toast.querySelector("span").textContent = text;
  document.getElementById("toasts").append(toast);
  leaveLater(toast);
};

function leaveLater(toast) {
  if (toast.matches(".toast-error, .toast-warning")) return;
  setTimeout(() => (toast.matches(":hover, :focus-within") ? leaveLater(toast) : leave(toast)), LEAVES_AFTER_MS);
}

function leave(toast) {
  toast.classList.add("leaving");
  setTimeout(() => toast.remove(), 220);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-dismiss]")) leave(event.target.closest("[data-toast]"));
});

for (const toast of document.querySelectorAll("#toasts [data-toast]")) leaveLater(toast);

// An answer to htmx may bring a toast: HX-Trigger: {"toast": {"text": "Saved", "kind": "success"}}
document.addEventListener("toast", (event) => librarian.toast(event.detail.text, event.detail.kind));

// A page that comes back from the browser's memory is shown again only while its person is signed in.
window.addEventListener("pageshow", async (event) => {
  const back = event.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (!back || !document.querySelector(".menu-account")) return;
  const answer = await fetch("/account/", { method: "HEAD", redirect: "manual" });
  if (answer.type === "opaqueredirect") location.reload();
});

// A form that changes something is sent once, however often its button or key is pressed.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-once]")) return;
  if (document.documentElement.dataset.sent) event.preventDefault();
  document.documentElement.dataset.sent = "true";
});

window.addEventListener("pageshow", () => delete document.documentElement.dataset.sent);

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-filters]");
  if (form && !event.target.matches("[type=search], [form], [data-wait] *")) form.requestSubmit();
});

// Filters that are not set stay out of the address.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("form[data-filters]")) return;
  for (const [name, value] of [...event.formData]) {
    if (value === "") event.formData.delete(name);
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = button.closest(".code-box").querySelector("code").textContent;
  try {
    await navigator.clipboard.writeText(text);
    librarian.toast("Copied", "success");
  } catch {
    getSelection().selectAllChildren(button.closest(".code-box").querySelector("code"));
    librarian.toast("Selected; copy it with Ctrl+C");
  }
});
