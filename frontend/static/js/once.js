/* A form is sent once; after an error, the eye and the reader land on it; a menu closes when one leaves it. */

function hold(event) { // heard on the document: a form that came in with a live region is held as well
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
}

function release() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
}

function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.ca-menu[open]")) {
    if (event.type === "keydown" ? event.key === "Escape" : !menu.contains(event.target)) {
      menu.open = false;
      if (event.type === "keydown") menu.querySelector("summary").focus();
    }
  }
}

document.addEventListener("submit", hold);
document.querySelector("[data-focus]")?.focus();
document.addEventListener("keydown", closeMenus);
document.addEventListener("click", closeMenus);
window.addEventListener("pageshow", (event) => event.persisted && release());
