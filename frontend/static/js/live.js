/* Keeps a page fresh: hears that something happened (WebSocket), fetches the page again, and swaps its live regions.

   <body data-live="/ws/cases/…" data-live-after="12" data-live-words="…">. The sequence makes a lost connection harmless:
   the server sends again what came after. Without this module the page is the same, only not by itself. */

const LONGEST = 30_000;
const { live: address, liveWords: words = "" } = document.body.dataset;
let after = Number(document.body.dataset.liveAfter || 0);
let wait = 1_000;
let refreshing = null;
let again = false;
let opened = false;

function connect() {
  const url = new URL(address, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  url.searchParams.set("after", after);
  const socket = new WebSocket(url);
  socket.addEventListener("open", () => {
    wait = 1_000;
    document.body.dataset.liveState = "open";
    if (opened) refresh(""); // the desk resumes from no sequence: it is read again
    opened = true;
  });
  socket.addEventListener("message", (message) => hear(JSON.parse(message.data)));
  socket.addEventListener("close", (event) => {
    document.body.dataset.liveState = "closed";
    if (event.code === 4401 || event.code === 4404) return; // not allowed: asking again changes nothing
    setTimeout(connect, wait + Math.random() * 500);
    wait = Math.min(wait * 2, LONGEST);
  });
}

function hear(event) {
  const seq = event.entry?.seq ?? 0;
  if (seq && seq <= after) return;
  after = Math.max(after, seq);
  document.dispatchEvent(new CustomEvent("accord:event", { detail: event }));
  if (event.type === "presence") return;
  if (event.type === "bundle") {
    if (document.getElementById("region-copies")) refresh(event.words);
    return;
  }
  refresh(event.stage ? "" : event.words || event.title || words); // each stage of a check shows; only its end is announced
}

async function refresh(said) {
  if (refreshing) { again = true; return; }
  refreshing = swap();
  try {
    await refreshing;
    if (said) announce(said);
  } finally {
    refreshing = null;
    if (again) { again = false; refresh(""); }
  }
}

async function swap() {
  const answer = await fetch(location.href, { headers: { "X-Live": "1" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const region of document.querySelectorAll("[data-live-region]")) {
    const next = fresh.getElementById(region.id);
    if (!next || next.innerHTML === region.innerHTML || region.contains(typing()) || filled(region)) continue;
    const open = [...region.querySelectorAll("details")].map((one) => one.open);
    const focused = region.contains(document.activeElement) && document.activeElement.getAttribute("href");
    region.replaceChildren(...next.childNodes);
    region.querySelectorAll("details").forEach((one, index) => { one.open = open[index] ?? false; });
    if (focused) region.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
  }
}

function typing() {
  const here = document.activeElement;
  return here?.matches("input, textarea, select") ? here : null;
}

/* What was written or ticked in a region, and not sent yet, stays. */
function filled(region) {
  return [...region.querySelectorAll("input, textarea")].some((one) => one.checked !== one.defaultChecked || one.type !== "hidden" && one.value !== one.defaultValue);
}

function announce(said) {
  const place = document.getElementById("announcements");
  place.textContent = said;
  setTimeout(() => { if (place.textContent === said) place.textContent = ""; }, 8_000);
}

if (address) connect();
