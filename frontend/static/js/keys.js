/* Alt and a letter press what is marked with it: <button data-key="a">. With a modifier, so that nothing typed or dictated is taken for one (WCAG 2.1.4). */

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const letter = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key.toLowerCase();
  const wanted = document.querySelector(`[data-key="${CSS.escape(letter)}"]`);
  if (!wanted) return;
  event.preventDefault();
  wanted.closest("details")?.setAttribute("open", "");
  if (wanted.matches("summary")) wanted.focus();
  wanted.click();
});
