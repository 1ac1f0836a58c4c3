/* Who is looking at which filing of the desk.

   The desk shows names beside the cases: <li data-case><p data-presence>. The workbench says which case is open:
   <p data-looking="<case>" data-presence>. Each page of the workbench says it again while it is open; a name fades when it no longer does. */

const AGAIN = 25_000;
const FADES = 60_000;
const place = document.querySelector("[data-looking]");
const seen = new Map();

function show(event) {
  if (event.type !== "presence") return;
  for (const [shown, names] of seen) if (shown !== event.case) forget(shown, names, event.name);
  if (event.case) note(event.case, event.name);
}

function note(shown, name) {
  const names = seen.get(shown) ?? new Map();
  clearTimeout(names.get(name));
  names.set(name, setTimeout(() => forget(shown, names, name), FADES));
  seen.set(shown, names);
  write(shown, names);
}

function forget(shown, names, name) {
  if (!names.has(name)) return;
  clearTimeout(names.get(name));
  names.delete(name);
  write(shown, names);
}

function write(shown, names) {
  const here = place?.dataset.looking === shown ? place : document.querySelector(`[data-case="${CSS.escape(shown)}"] [data-presence]`);
  if (!here) return;
  const others = [...names.keys()].filter((name) => name !== document.body.dataset.person);
  here.textContent = others.length ? `${others.join(", ")} ${document.body.dataset.presenceWords ?? "…"}` : "";
}

let socket = null;
const say = (looking) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ looking }));

function connect() {
  const url = new URL("/ws/desk", location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(url);
  socket.addEventListener("open", () => say(place.dataset.looking));
  socket.addEventListener("message", (message) => show(JSON.parse(message.data)));
  socket.addEventListener("close", (event) => {
    if (event.code !== 4401 && event.code !== 4404) setTimeout(connect, AGAIN);
  });
}

function announce() {
  connect();
  setInterval(() => say(place.dataset.looking), AGAIN);
  addEventListener("pagehide", () => say(null));
}

if (place) announce();
else document.addEventListener("accord:event", (event) => show(event.detail));
