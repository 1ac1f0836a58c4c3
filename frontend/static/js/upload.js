/* Many files at once, by drag and drop: each stops and goes on (tus 1.0), and says how far it is. Without this module, or without
   `vendor/tus`, the form sends the same fields to the address it names.

   <form data-upload …words of components/uploading.html…><div class="ca-drop">…<input type="file" multiple>…</div></form> */

const { tus } = window;
const DOOR = "/api/v1/uploads";
const TOGETHER = 2;
const PART = 8 * 1024 * 1024;
const PAUSES = [0, 1_000, 3_000, 5_000]; // before a part is tried again
const LATER = 15_000; // before a lost connection is
const KEPT = 7 * 24 * 3_600_000; // as long as the server waits for the rest
const APART = new Set(["csrfmiddlewaretoken", "next", "key"]);
const SOON = 30_000; // in which the page is there again
const SAID = "accord.uploaded"; // what came of the last files, to be said on the page as it then is
const language = document.documentElement.lang;
const plural = new Intl.PluralRules(language);
const TONES = { taken: "success", doubtful: "warning", refused: "error", left: "info" };

function take(form) {
  const input = form.querySelector("input[type=file]");
  const place = form.querySelector(".ca-drop") ?? form;
  const list = Object.assign(document.createElement("ul"), { className: "ca-uploads" });
  const status = Object.assign(document.createElement("p"), { className: "fr-sr-only", role: "status" });
  const summary = Object.assign(document.createElement("div"), { className: "ca-uploads__summary", role: "status" });
  place.after(summary, list, status);
  const send = (files) => queue(form, [...files], list, status, summary);
  for (const kind of ["dragenter", "dragover"]) place.addEventListener(kind, (event) => { event.preventDefault(); place.classList.add("is-over"); });
  for (const kind of ["dragleave", "drop"]) place.addEventListener(kind, () => place.classList.remove("is-over"));
  place.addEventListener("drop", (event) => { event.preventDefault(); send(event.dataTransfer.files); });
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    send(input.files);
  });
  recall(form, place);
  const said = JSON.parse(sessionStorage.getItem(SAID) ?? "null");
  if (said?.form !== which(form)) return;
  sessionStorage.removeItem(SAID);
  if (Date.now() - said.at < SOON) setTimeout(() => sum_up(said.came, form, summary), 100); // once the place is there, so that it is read aloud
}

/* A form, among all those of all pages. */
function which(form) {
  return `${location.pathname} ${form.action} ${form.querySelector("[name=purpose]")?.value ?? ""}`;
}

/* Sends files, then says what came of all of them: on the page read again where nothing is left to do, else here. */
async function queue(form, files, list, status, summary) {
  const about = fields(form);
  const waiting = files.map((file) => new Sending(form.dataset, file, about, list, status));
  const came = {};
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const result = await next.sent();
      came[result] = (came[result] ?? 0) + 1;
    }
  };
  summary.replaceChildren();
  await Promise.all(Array.from({ length: Number(form.dataset.uploadTogether) || TOGETHER }, work));
  if (came.refused || came.left) return sum_up(came, form, summary);
  sessionStorage.setItem(SAID, JSON.stringify({ came, form: which(form), at: Date.now() }));
  location.reload();
}

/* How many files were received, those to be looked at among them, how many were refused or not sent: in words, and in the tone of the worst. */
function sum_up(came, form, summary) {
  const taken = (came.taken ?? 0) + (came.doubtful ?? 0);
  const counted = [["Taken", taken], ["Doubtful", came.doubtful], ["Refused", came.refused], ["Left", came.left]].filter(([, count]) => count);
  const words = counted.map(([name, count]) => fill(form.dataset[`say${name}${plural.select(count) === "one" ? "One" : "Other"}`], { count }));
  const tone = came.refused ? "error" : came.left || came.doubtful ? "warning" : "success";
  const box = Object.assign(document.createElement("div"), { className: `fr-alert fr-alert--sm fr-alert--${tone}` });
  box.append(Object.assign(document.createElement("p"), { textContent: words.join(" ") }));
  summary.replaceChildren(box);
}

function fields(form) {
  return Object.fromEntries([...new FormData(form)].filter(([name, value]) => typeof value === "string" && value && !APART.has(name)));
}

/* Says which files stopped half-way on this device, for this case; forgets those the server has forgotten. */
async function recall(form, place) {
  const about = fields(form);
  const held = await tus.defaultOptions.urlStorage.findAllUploads();
  const names = [];
  for (const one of held) {
    if (Date.now() - Date.parse(one.creationTime) > KEPT) await tus.defaultOptions.urlStorage.removeUpload(one.urlStorageKey);
    else if (one.metadata.case === about.case && one.metadata.purpose === about.purpose) names.push(one.metadata.filename);
  }
  if (names.length) place.before(Object.assign(document.createElement("p"), { className: "ca-uploads__halfway", textContent: fill(form.dataset.sayHalfway, { names: names.join(", ") }) }));
}

class Sending {
  constructor(words, file, about, list, status) {
    Object.assign(this, { words, file, about, status, rate: 0, over: false });
    this.print = JSON.stringify(["accord", about, file.name, file.size, file.lastModified]);
    const line = document.createElement("li");
    this.state = document.createElement("span");
    this.progress = Object.assign(document.createElement("progress"), { max: file.size || 1, value: 0, ariaLabel: file.name });
    this.pausing = button(words.doPause, file.name, () => (this.paused ? this.goOn() : this.pause()));
    this.leaving = button(words.doCancel, file.name, () => this.leave());
    line.append(Object.assign(document.createElement("span"), { textContent: file.name }), this.state, this.progress, this.pausing, this.leaving);
    this.line = line;
    list.append(line);
    this.say(words.sayWaiting);
  }

  /* What came of it: taken, doubtful, refused, or left by its sender. */
  sent() {
    return new Promise((resolve) => {
      this.end = (came) => {
        this.end = undefined;
        this.over = true;
        this.pausing.remove();
        this.leaving.remove();
        this.mark_as(came);
        resolve(came);
      };
      if (this.over) return this.end("left");
      if (!this.file.size) return this.refuse(this.words.sayEmpty);
      if (this.file.size > Number(this.words.uploadMax)) return this.refuse(fill(this.words.sayTooLarge, { max: bytes(Number(this.words.uploadMax)) }));
      this.begin();
    });
  }

  async begin() {
    this.upload = new tus.Upload(this.file, {
      endpoint: DOOR,
      chunkSize: PART,
      retryDelays: PAUSES,
      metadata: { ...this.about, filename: this.file.name },
      fingerprint: async () => this.print,
      removeFingerprintOnSuccess: true,
      onProgress: (sent, total) => this.advance(sent, total),
      onError: (error) => this.stopped(error.originalResponse),
      onSuccess: () => this.settle(),
    });
    const [before] = await this.upload.findPreviousUploads();
    if (before) this.upload.resumeFromPreviousUpload(before);
    this.say(before ? this.words.sayResumed : this.words.sayBegun, true);
    if (!this.paused && !this.over) this.upload.start();
  }

  advance(sent, total) {
    if (this.paused || this.over) return;
    const now = performance.now();
    this.progress.value = sent;
    if (this.at && now - this.at < 500) return;
    if (this.at && sent > this.had) {
      const lately = (1000 * (sent - this.had)) / (now - this.at);
      this.rate = this.rate ? 0.7 * this.rate + 0.3 * lately : lately;
    }
    Object.assign(this, { at: now, had: sent });
    const told = { sent: bytes(sent), total: bytes(total) };
    const { rate, words } = this;
    this.say(rate ? fill(words.saySending, { ...told, speed: bytes(rate), left: time((total - sent) / rate) }) : fill(words.saySent, told));
  }

  pause() {
    this.paused = true;
    this.upload?.abort();
    this.pausing.firstChild.textContent = this.words.doGoOn;
    this.say(fill(this.words.sayPaused, { percent: this.percent }), true);
  }

  goOn() {
    clearTimeout(this.timer);
    this.paused = this.at = undefined;
    this.pausing.firstChild.textContent = this.words.doPause;
    this.say(fill(this.words.sayGoesOn, { percent: this.percent }), true);
    this.upload?.start();
  }

  get percent() {
    return new Intl.NumberFormat(language, { style: "percent" }).format(this.progress.value / this.progress.max);
  }

  leave() {
    this.over = true;
    this.upload?.abort(true).catch(() => {}); // what the server could not be told, it forgets by itself
    this.say(this.words.sayCancelled, true);
    this.end?.("left");
  }

  /* No answer, or one that may be another a moment later: wait. A refusal: say why, and what to do. */
  stopped(answer) {
    const status = answer?.getStatus() ?? 0;
    if (status === 401) return this.wait(this.words.saySignedOut);
    if (status === 429) return this.wait(this.words.sayMany, true);
    if (!status || status >= 500 || status === 409 || status === 423) return this.wait(this.words.sayLost, true);
    this.judged(problem(answer.getBody()));
  }

  wait(words, alone) {
    if (this.over || this.paused) return;
    this.say(words, true);
    if (!alone) {
      this.paused = true;
      this.pausing.firstChild.textContent = this.words.doGoOn;
      return;
    }
    const again = () => {
      removeEventListener("online", again);
      clearTimeout(this.timer);
      if (!this.paused && !this.over) this.goOn();
    };
    addEventListener("online", again);
    this.timer = setTimeout(again, LATER);
  }

  /* All has come: what became of it. Its last answer may have been lost: then an empty part asks for it again. */
  async settle() {
    this.pausing.remove();
    this.progress.value = this.file.size;
    this.say(this.words.sayChecking, true);
    try {
      let told = await this.told();
      if (!told.bound) {
        const headers = { "Tus-Resumable": "1.0.0", "Upload-Offset": String(told.offset), "Content-Type": "application/offset+octet-stream" };
        const answer = await fetch(this.upload.url, { method: "PATCH", headers });
        if (answer.status >= 500) throw new Error(answer.status);
        if (!answer.ok) return this.judged(problem(await answer.text()));
        told = await this.told();
      }
      this.finish(told);
    } catch {
      this.wait(this.words.sayLost, true);
    }
  }

  async told() {
    const answer = await fetch(this.upload.url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  finish(told) {
    const words = told.document.state === "ready" ? this.words.sayDone : this.words.sayReceived;
    const warnings = told.findings.map((one) => `${one.reason} ${one.mend}`);
    this.say([words, ...warnings].join(" – "), true);
    this.end?.(warnings.length ? "doubtful" : "taken");
  }

  judged(refusal) {
    if (refusal.code === "still-checking") return setTimeout(() => this.settle(), 3_000);
    this.refuse([refusal.detail, refusal.mend].filter(Boolean).join(" ") || this.words.sayFailed);
  }

  async refuse(words) {
    this.state.setAttribute("role", "alert");
    this.say(words);
    this.end?.("refused");
    for (const one of await tus.defaultOptions.urlStorage.findUploadsByFingerprint(this.print)) await tus.defaultOptions.urlStorage.removeUpload(one.urlStorageKey);
  }

  /* What came of it, in a word and an icon before the reasons. */
  mark_as(came) {
    const word = this.words[`say${came[0].toUpperCase()}${came.slice(1)}`];
    this.line.classList.add("is-over", `is-${came}`);
    this.state.before(Object.assign(document.createElement("strong"), { className: `fr-badge fr-badge--sm fr-badge--${TONES[came]}`, textContent: word }));
  }

  say(words, aloud) {
    this.state.textContent = words;
    if (aloud) this.status.textContent = `${this.file.name}: ${words}`;
  }
}

function button(words, name, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "fr-btn fr-btn--sm fr-btn--tertiary-no-outline" });
  made.append(words, Object.assign(document.createElement("span"), { className: "fr-sr-only", textContent: ` ${name}` }));
  made.addEventListener("click", act);
  return made;
}

function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
}

function bytes(count) {
  const [unit, size] = count >= 1e9 ? ["gigabyte", 1e9] : count >= 1e6 ? ["megabyte", 1e6] : ["kilobyte", 1e3];
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(count / size);
}

function time(seconds) {
  const [unit, length] = seconds >= 3600 ? ["hour", 3600] : seconds >= 60 ? ["minute", 60] : ["second", 1];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(Math.max(1, Math.ceil(seconds / length)));
}

function problem(body) {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

if (tus?.isSupported && tus.canStoreURLs) document.querySelectorAll("form[data-upload]").forEach(take);
