/* Passkeys: a form marked data-passkey asks the browser for one, then sends what it answered in its field "credential".

   data-passkey="add" makes a passkey, "prove" uses one. Its options are in data-options, or are asked for at data-options-at when it is
   pressed. The form is hidden until this browser is known to have passkeys; data-passkey-without is shown to the others. */

const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const known = (list) => (list ?? []).map((each) => ({ ...each, id: toBytes(each.id) }));

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options).publicKey;
  const answer = await fetch(form.dataset.optionsAt, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no options");
  return (await answer.json()).request_options.publicKey;
}

async function made(options) {
  const user = { ...options.user, id: toBytes(options.user.id) };
  const asked = { ...options, user, challenge: toBytes(options.challenge), excludeCredentials: known(options.excludeCredentials) };
  const credential = await navigator.credentials.create({ publicKey: asked });
  const { attestationObject, clientDataJSON } = credential.response;
  return told(credential, {
    attestationObject: toText(attestationObject),
    clientDataJSON: toText(clientDataJSON),
    transports: credential.response.getTransports?.() ?? [],
  });
}

async function proved(options) {
  const asked = { ...options, challenge: toBytes(options.challenge), allowCredentials: known(options.allowCredentials) };
  const credential = await navigator.credentials.get({ publicKey: asked });
  const { authenticatorData, clientDataJSON, signature, userHandle } = credential.response;
  return told(credential, {
    authenticatorData: toText(authenticatorData),
    clientDataJSON: toText(clientDataJSON),
    signature: toText(signature),
    userHandle: userHandle ? toText(userHandle) : null,
  });
}

function told(credential, response) {
  const extensions = credential.getClientExtensionResults();
  return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, clientExtensionResults: extensions, response });
}

async function ask(event) {
  const form = event.target;
  if (form.elements.credential.value) return;
  event.preventDefault();
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  form.setAttribute("aria-busy", "true");
  try {
    const options = await optionsOf(form);
    form.elements.credential.value = await (form.dataset.passkey === "add" ? made(options) : proved(options));
    form.submit();
  } catch {
    failed.hidden = false;
    failed.focus();
    form.removeAttribute("aria-busy");
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const able = Boolean(window.PublicKeyCredential && navigator.credentials);
  form.hidden = !able;
  if (able) form.addEventListener("submit", ask);
}
for (const words of document.querySelectorAll("[data-passkey-without]")) words.hidden = Boolean(window.PublicKeyCredential);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.querySelectorAll("form[data-passkey]")) form.elements.credential.value = "";
});
