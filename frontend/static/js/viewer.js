/* Reads a document: places for all its pages, pictures only where one looks, text laid over them to be selected and found, zoom, keys.

   <div data-viewer="/api/v1/cases/…/exhibits/…" data-count="500">…</div>, see case/viewer.html. Without this module the page is a list of
   pictures with a plain search. Every place and size is set on the style object, which the content policy allows, never in markup. */

const viewer = document.querySelector("[data-viewer]");
const part = (name) => viewer.querySelector(`[data-${name}]`);
const words = viewer.dataset;
const base = words.viewer;
const count = Number(words.count);
const room = part("room");
const list = part("pages");
const bar = viewer.querySelector(".ca-viewer__bar");
const place = part("place");
const input = viewer.querySelector("input[type=search]");
const SIZES = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3];
const SETTLED = 150; // milliseconds a page stays in view before its picture is asked for: nobody reads while scrolling past
const AGAIN = 2_000; // before what was not there yet is asked for again
const TRIES = 5;
const UNIT = 10_000; // of the boxes of text: a page's width, and its height
const DRAWN = 100; // pixels of the letters that are measured
const pages = [];
const waiting = new Map();
const drawn = document.createElement("canvas").getContext("2d");
let size = SIZES.indexOf(1);
let here = 1;
let wanted = "";
let hits = [];

function begin() {
  const first = Number(list.start);
  list.querySelectorAll("li").forEach((one) => { pages[Number(one.dataset.number) - 1] = one; });
  for (let number = 1; number <= count; number += 1) pages[number - 1] ??= place_of(number);
  list.replaceChildren(...pages);
  list.start = 1;
  viewer.querySelectorAll("[data-list]").forEach((one) => one.remove());
  for (const page of pages) {
    const link = page.querySelector("a");
    link?.replaceWith(...link.childNodes); // its picture is the page: a click begins to select
    page.querySelector("img").draggable = false;
    sight.observe(page);
  }
  for (const name of ["tools", "keys"]) part(name).hidden = false;
  drawn.font = `${DRAWN}px sans-serif`;
  wanted = folded(input.value).text.trim();
  hits = [...part("found").querySelectorAll("[data-page]")].map((one) => Number(one.dataset.page));
  new ResizeObserver(clear).observe(bar);
  if (first > 1 || location.hash) go(Number(location.hash.slice("#page-".length)) || first);
  room.focus({ preventScroll: true });
}

function place_of(number) {
  const page = Object.assign(document.createElement("li"), { className: "ca-viewer__page", id: `page-${number}` });
  page.dataset.number = number;
  page.append(Object.assign(new Image(600, 849), { alt: fill(words.sayPage, { number }) }));
  return page;
}

/* Pictures and text, where one looks */
const sight = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    clearTimeout(waiting.get(target));
    waiting.delete(target);
    if (isIntersecting) waiting.set(target, setTimeout(() => show(target), SETTLED));
  }
}, { rootMargin: "50% 0px" });

function show(page) {
  sight.unobserve(page);
  const number = Number(page.dataset.number);
  const picture = page.querySelector("img");
  patient(picture, `${base}/pages/${number}`);
  lay(page, number);
}

/* Sets a picture's address; what is still being drawn is asked for again a few times. */
function patient(picture, address) {
  let tries = 0;
  picture.addEventListener("error", () => {
    tries += 1;
    if (tries < TRIES) setTimeout(() => { picture.src = `${address}${address.includes("?") ? "&" : "?"}try=${tries}`; }, AGAIN);
  });
  if (picture.getAttribute("src") !== address) picture.src = address;
  else if (picture.complete && !picture.naturalWidth) picture.dispatchEvent(new Event("error"));
}

async function lay(page, number) {
  const answer = await fetch(`${base}/pages/${number}/text`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const { width, height, runs } = await answer.json();
  const layer = Object.assign(document.createElement("div"), { className: "ca-viewer__text" });
  for (const run of runs) layer.append(laid(run, height / width), " ");
  page.append(layer);
  mark(layer);
}

/* A run of text over its picture: as high as its box, stretched to its width; in units of the page's width, so that a zoom changes nothing. */
function laid(run, shape) {
  const line = Object.assign(document.createElement("span"), { textContent: run.text });
  const letters = ((run.height * shape) / UNIT) * 100;
  const natural = (drawn.measureText(run.text).width / DRAWN) * letters;
  line.style.setProperty("left", `${(run.left * 100) / UNIT}%`);
  line.style.setProperty("top", `${(run.top * 100) / UNIT}%`);
  line.style.setProperty("font-size", `${letters}cqw`);
  if (natural) line.style.setProperty("transform", `scaleX(${((run.width / UNIT) * 100) / natural})`);
  return line;
}

/* Where one is, and going elsewhere */
function go(number) {
  here = Math.min(Math.max(number, 1), count);
  place.value = here;
  clear();
  pages[here - 1].scrollIntoView({ block: "start" });
  show_thumbnail();
}

/* Pages stop below the bar, however high what was found makes it. */
function clear() {
  viewer.style.setProperty("--bar", `${bar.offsetHeight}px`);
}

function look() {
  const line = bar.getBoundingClientRect().bottom + 80;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pages[middle].getBoundingClientRect().top <= line) low = middle;
    else high = middle - 1;
  }
  if (low + 1 === here) return;
  here = low + 1;
  if (document.activeElement !== place) place.value = here;
  show_thumbnail();
}

function zoom(step) {
  size = Math.min(Math.max(step, 0), SIZES.length - 1);
  const stays = here;
  list.style.setProperty("--zoom", SIZES[size]);
  go(stays);
  say(fill(words.sayZoom, { percent: new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(SIZES[size]) }));
}

/* Thumbnails, made when they are asked for */
function thumbnails(button) {
  const strip = part("thumbnails");
  const rows = strip.querySelector("ol");
  strip.hidden = !strip.hidden;
  button.setAttribute("aria-expanded", String(!strip.hidden));
  if (!strip.hidden && !rows.childElementCount) rows.append(...pages.map((_page, index) => thumbnail(index + 1)));
  show_thumbnail();
}

function thumbnail(number) {
  const row = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: `#page-${number}` });
  const picture = Object.assign(new Image(120, 170), { loading: "lazy", alt: fill(words.sayPage, { number }) });
  link.append(picture, Object.assign(document.createElement("span"), { textContent: number, ariaHidden: "true" }));
  link.addEventListener("click", (event) => { event.preventDefault(); go(number); room.focus({ preventScroll: true }); });
  row.append(link);
  patient(picture, `${base}/pages/${number}?size=thumbnail`);
  return row;
}

function show_thumbnail() {
  const strip = part("thumbnails");
  if (strip.hidden) return;
  strip.querySelector("[aria-current]")?.removeAttribute("aria-current");
  const row = strip.querySelectorAll("li")[here - 1];
  row.firstChild.setAttribute("aria-current", "page");
  const { top, bottom } = strip.getBoundingClientRect();
  const box = row.getBoundingClientRect();
  if (box.top < top || box.bottom > bottom) strip.scrollTop += box.top - top - 40;
}

/* Finding words: the server finds the pages, the text laid over them is marked here, in the same way of reading letters */
async function find(event) {
  event.preventDefault();
  const asked = input.value.trim();
  if (asked && folded(asked).text === wanted) return next(event.submitter ? 1 : 0);
  wanted = folded(asked).text;
  hits = [];
  const answer = asked && (await fetch(`${base}/search?${new URLSearchParams({ q: asked })}`, { headers: { Accept: "application/json" } }).catch(() => null));
  if (asked && !answer?.ok) {
    const told = await answer?.json().catch(() => null);
    wanted = "";
    tell([], told?.detail ?? words.sayFailed);
  } else {
    const found = asked ? await answer.json() : [];
    hits = found.map((hit) => hit.page);
    const times = found.reduce((sum, hit) => sum + hit.count, 0);
    tell(found, found.length ? fill(words.sayFound, { times, pages: found.length }) : asked ? words.sayNothing : "");
    next(0);
  }
  viewer.querySelectorAll(".ca-viewer__text").forEach(mark);
}

function tell(found, said) {
  const rows = document.createElement("ol");
  for (const hit of found) {
    const row = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: `#page-${hit.page}`, textContent: fill(words.sayPage, { number: hit.page }) });
    link.dataset.page = hit.page;
    const around = document.createElement("span");
    around.append(hit.before, Object.assign(document.createElement("mark"), { textContent: hit.found }), hit.after);
    row.append(link, " ", around);
    rows.append(row);
  }
  part("found").replaceChildren(...(said ? [Object.assign(document.createElement("p"), { textContent: said })] : []), ...(found.length ? [rows] : []));
  say(said);
}

/* To the next page on which the words are, this one counted where `past` is 0; round to the first after the last. */
function next(past) {
  if (hits.length) go(hits.find((page) => page >= here + past) ?? hits[0]);
}

/* Marks what was found in the lines of a page, also where it goes on in the next line. */
function mark(layer) {
  const lines = [...layer.children];
  const whole = lines.map((line) => line.textContent).join(" ");
  const { text, places } = folded(whole);
  const spans = [];
  for (let at = wanted ? text.indexOf(wanted) : -1; at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    spans.push([places[at], places[at + wanted.length - 1] + 1]);
  }
  let begins = 0;
  for (const line of lines) {
    mark_in(line, spans.map(([from, until]) => [from - begins, until - begins]));
    begins += line.textContent.length + 1;
  }
}

function mark_in(line, spans) {
  const said = line.textContent;
  const parts = [];
  let done = 0;
  for (const [from, until] of spans) {
    if (until <= 0 || from >= said.length) continue;
    const start = Math.max(from, 0);
    parts.push(said.slice(done, start), Object.assign(document.createElement("mark"), { textContent: said.slice(start, until) }));
    done = Math.min(until, said.length);
  }
  if (parts.length || line.childElementCount) line.replaceChildren(...parts, said.slice(done));
}

/* Small letters without accents, apostrophes and dashes as one types them, runs of spaces as one, with the place of each in what was said:
   as `documents/finding.py` does. */
function folded(said) {
  const places = [];
  let text = "";
  for (let at = 0; at < said.length; at += 1) {
    for (const letter of typed(said[at].toLowerCase().replace("ß", "ss").normalize("NFKD"))) {
      const plain = /\s/.test(letter) ? " " : letter;
      if (plain === " " && text.endsWith(" ")) continue;
      text += plain;
      places.push(at);
    }
  }
  return { text: text.trimEnd(), places };
}

function typed(letters) {
  return letters.replace(/[\p{M}\u00ad]/gu, "").replace(/[\u2018\u2019\u02bc]/g, "'").replace(/[\u2010\u2013\u2014]/g, "-");
}

function fill(said, values) {
  return said.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
}

function say(said) {
  part("status").textContent = said;
}

const DOES = {
  before: () => go(here - 1),
  after: () => go(here + 1),
  smaller: () => zoom(size - 1),
  larger: () => zoom(size + 1),
  search: () => { input.focus(); input.select(); },
  thumbnails,
};
const KEYS = { ArrowLeft: "before", ArrowRight: "after", "-": "smaller", "+": "larger", "=": "larger", "/": "search" };

viewer.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  const link = event.target.closest("a[data-page]");
  if (button) DOES[button.dataset.do](button);
  if (link) { event.preventDefault(); go(Number(link.dataset.page)); room.focus({ preventScroll: true }); }
});
/* Keys act only where the pages have the focus, so that nothing typed or dictated elsewhere is taken for one (WCAG 2.1.4). */
room.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  DOES[KEYS[event.key]]();
});
viewer.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.target !== input) return;
  event.preventDefault();
  input.value = "";
  viewer.querySelector("form").requestSubmit();
  room.focus({ preventScroll: true });
});
viewer.querySelector("form").addEventListener("submit", find);
place.addEventListener("change", () => go(Number(place.value) || here));
addEventListener("scroll", () => requestAnimationFrame(look), { passive: true });
begin();
