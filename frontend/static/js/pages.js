/* Of the pages still to be shown before one signs, those that the browser has now shown are told no longer.

   <div data-unread><ul><li><a href="#paper-…-3">3</a>…: each link leads to the picture of its page. Who was shown what is noted by the server, as it gives the picture. */

function shown(link) {
  const line = link.closest("li");
  const all = link.closest("[data-unread]");
  link.remove();
  if (line && !line.querySelector("a")) line.remove();
  if (all && !all.querySelector("a")) all.remove();
}

function follow() {
  for (const link of document.querySelectorAll("[data-unread] a[href^='#paper-']")) {
    const picture = document.getElementById(link.hash.slice(1));
    if (picture?.complete && picture.naturalWidth) shown(link);
  }
}

document.addEventListener("load", (event) => event.target.matches?.(".ca-pages img") && follow(), true);
new MutationObserver(follow).observe(document.body, { childList: true, subtree: true }); // the region came in again
follow();
