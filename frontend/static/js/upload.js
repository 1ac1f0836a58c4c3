/* Many files at once, by drag and drop, with the progress of each. The form without it sends the same field to the same address.

   <form data-upload data-upload-done="…" data-upload-failed="…"><div class="ca-drop">…<input type="file" multiple>…</div></form> */

const TOGETHER = 2;

function take(form) {
  const input = form.querySelector("input[type=file]");
  const place = form.querySelector(".ca-drop") ?? form;
  const list = document.createElement("ul");
  list.className = "ca-uploads";
  list.setAttribute("aria-live", "polite");
  place.after(list);
  const send = (files) => queue(form, input.name, [...files], list);
  for (const kind of ["dragenter", "dragover"]) place.addEventListener(kind, (event) => { event.preventDefault(); place.classList.add("is-over"); });
  for (const kind of ["dragleave", "drop"]) place.addEventListener(kind, () => place.classList.remove("is-over"));
  place.addEventListener("drop", (event) => { event.preventDefault(); send(event.dataTransfer.files); });
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    send(input.files);
  });
}

async function queue(form, name, files, list) {
  const waiting = files.map((file) => ({ file, line: draw(file, list) }));
  const results = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results.push(await post(form, name, next));
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  if (results.every(Boolean)) location.reload();
}

function draw(file, list) {
  const line = document.createElement("li");
  const label = Object.assign(document.createElement("span"), { textContent: file.name });
  const state = document.createElement("span");
  const progress = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
  progress.setAttribute("aria-label", file.name);
  line.append(label, state, progress);
  list.append(line);
  return { state, progress };
}

function post(form, name, { file, line }) {
  const body = new FormData(form);
  body.delete(name);
  body.append(name, file, file.name);
  if (body.has("key")) body.set("key", crypto.randomUUID());
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) line.progress.value = Math.round((100 * event.loaded) / event.total);
    });
    request.addEventListener("loadend", () => resolve(ended(form, request, line)));
    request.send(body);
  });
}

function ended(form, request, { state, progress }) {
  const fine = request.status >= 200 && request.status < 300;
  progress.value = fine ? 100 : progress.value;
  state.textContent = fine ? form.dataset.uploadDone : said(request) || form.dataset.uploadFailed;
  return fine;
}

function said(request) {
  try {
    const problem = JSON.parse(request.responseText);
    return [problem.detail, problem.mend].filter(Boolean).join(" ");
  } catch {
    return "";
  }
}

document.querySelectorAll("form[data-upload]").forEach(take);
