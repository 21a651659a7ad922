// Keeping and deleting the picture in the lightbox, for those who may: keeping needs no other page, deleting leads to one that asks.
"use strict";

librarian.changing = (box, neighbour) => {
  const form = box.querySelector("[data-change]");
  const button = box.querySelector("[data-keep]");
  let card = null;

  function show(shown) {
    card = shown;
    if (form) form.elements.picture.value = card.id.replace("picture-", "");
    if (!button) return;
    const kept = "kept" in card.dataset;
    button.setAttribute("aria-pressed", String(kept));
    button.value = kept ? "release" : "keep";
    button.querySelector("span").textContent = kept ? "Kept" : "Keep";
  }

  async function keep(changed, wanted) {
    const body = new FormData(form, button);
    try {
      const headers = { "X-Requested-With": "fetch" };
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers, redirect: "manual" });
      if (!answer.ok) throw new Error(answer.status);
      changed.toggleAttribute("data-kept", wanted);
      if (changed === card) show(card);
      librarian.toast(wanted ? "Kept: it is never purged" : "Not kept any more", "success");
    } catch {
      librarian.toast("That could not be changed. Load the page anew.", "error");
    }
  }

  form?.addEventListener("submit", (event) => {
    if (event.submitter === button) {
      event.preventDefault();
      keep(card, button.value === "keep");
    } else {
      form.elements.next.value = librarian.addressOf(neighbour());
    }
  });

  return { show };
};
