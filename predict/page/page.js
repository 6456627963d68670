// The page: takes recordings, has them predicted one after the other, and saves what is found.

import { record } from "./microphone.js";
import { RecordingView } from "./recording.js";

const at = (id) => document.getElementById(id);
const views = [];
let model;
let waiting = Promise.resolve();
let recorded = 0;
let recorder = null;

function say(text) {
  at("status").textContent = text;
}

async function answer(path, body) {
  let response;
  try {
    response = await fetch(path, body === undefined ? {} : { method: "POST", body });
  } catch {
    throw new Error("The program that shows this page does not answer. Is mdat-serve still running?");
  }
  if (response.ok) return response;
  const found = await response.json().catch(() => ({}));
  throw new Error(found.error ?? `The program failed (${response.status}). Its terminal says why.`);
}

// ---- what the model is

function percent(share) {
  return `${(100 * share).toFixed(0)} %`;
}

function duration(seconds) {
  return seconds < 120 ? `${seconds} seconds` : `${Math.floor(seconds / 60)} minutes`;
}

function fact(term, text) {
  at("about").append(
    Object.assign(document.createElement("dt"), { textContent: term }),
    Object.assign(document.createElement("dd"), { textContent: text }),
  );
}

function tested(run) {
  const ua = run.metrics?.ua?.mean;
  if (ua === undefined) return "";
  return `In its test it recognised ${percent(ua)} (mean over the emotions), where guessing has ` +
    `${percent(run.metrics.chance)}.`;
}

function showRun(run) {
  const corpora = run.learned_from.corpora.map((of) => `${of.corpus} (${of.language})`);
  fact("Run", `${run.name}: ${run.model}`);
  fact("Learned from", `${corpora.join(", ") || "unknown"}, ${run.learned_from.utterances} utterances`);
  if (run.metrics) fact("Tested", `${run.metrics.protocol}. ${tested(run)}`);
  for (const [stream, of] of Object.entries(run.encoders)) {
    if (of) fact(`Encoder of ${stream}`, `${of.encoder}, layer ${of.layer}, revision ${of.revision}`);
  }
  fact("Probabilities", run.temperature
    ? `calibrated, temperature ${run.temperature.toFixed(2)}`
    : "not calibrated: they are often too high");
}

function showModel() {
  const [run] = model.runs;
  const names = model.runs.map((of) => of.name).join(" + ");
  const unknown = model.reads_text && !model.asr
    ? " It reads words too, which are not known here: speech alone decides." : "";
  at("model").textContent =
    `The model ${names} tells ${model.classes.join(", ")} apart. ${tested(run)}${unknown}`;
  at("limits").textContent =
    `Up to ${duration(model.max_seconds)} and ${model.max_megabytes} MB each.`;
  at("formats").textContent = model.formats.join(", ");
  at("curl").textContent = `curl --form file=@a.wav ${location.origin}/api/predict`;
  model.runs.forEach(showRun);
}

// ---- recordings

function changed() {
  const labels = views.reduce((sum, view) => sum + view.labels, 0);
  at("labelled").textContent = `Labelled segments (${labels})`;
  at("labelled").disabled = labels === 0;
  at("save").hidden = views.length === 0;
}

async function predict(file, place) {
  if (file.size > model.max_megabytes * 1e6) {
    showError(file.name, new Error(`The recording has more than ${model.max_megabytes} MB.`));
    return false;
  }
  say(`Listening to ${file.name}${place} …`);
  const body = new FormData();
  body.append("file", file);
  try {
    const found = await (await answer("api/predict", body)).json();
    const view = new RecordingView(file, found, model.classes, { answer, changed, say, remove });
    views.push(view);
    at("recordings").append(view.element);
    view.draw();
    changed();
    return true;
  } catch (error) {
    showError(file.name, error);
    return false;
  }
}

function showError(name, error) {
  const card = document.createElement("article");
  const title = Object.assign(document.createElement("h2"), { textContent: name });
  const text = Object.assign(document.createElement("p"), { textContent: error.message });
  text.className = "error";
  card.append(title, text);
  at("recordings").append(card);
}

function add(files) {
  waiting = waiting.then(async () => {
    let good = 0;
    for (const [number, file] of files.entries()) {
      const place = files.length > 1 ? ` (${number + 1} of ${files.length})` : "";
      good += await predict(file, place);
    }
    const bad = files.length - good;
    say(bad ? `${bad} of ${files.length} recordings cannot be used.` : "Done. The results are below.");
  });
}

function remove(view) {
  views.splice(views.indexOf(view), 1);
  view.close();
  changed();
  at("choose").focus();
  say(`${view.name} is removed.`);
}

// ---- the microphone

async function toggleRecording() {
  if (recorder) {
    const file = recorder.stop(`recording-${recorded += 1}.wav`);
    recorder = null;
    at("record").textContent = "Record";
    at("recorder").hidden = true;
    if (file) add([file]);
    else say("Nothing was recorded.");
    return;
  }
  at("record").disabled = true;
  try {
    recorder = await record(heard);
    at("record").textContent = "Stop and predict";
    at("recorder").hidden = false;
    say("Recording. Speak now.");
  } catch (error) {
    say(error.message);
  }
  at("record").disabled = false;
}

function heard(seconds, level) {
  at("seconds").textContent = `${seconds.toFixed(0)} s`;
  at("level").value = level;
  if (recorder && seconds >= model.max_seconds - 1) toggleRecording();
}

// ---- saving

async function save(path, body) {
  try {
    const response = await answer(path, body);
    const [, name] = /filename="([^"]+)"/.exec(response.headers.get("content-disposition"));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await response.blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say(`${name} is saved in your downloads.`);
  } catch (error) {
    say(error.message);
  }
}

function sent(which) {
  return JSON.stringify({ recordings: which.map((view) => view.reviewed()) });
}

function saveLabelled() {
  const which = views.filter((view) => view.labels > 0);
  const body = new FormData();
  which.forEach((view) => body.append("file", view.file));
  body.append("recordings", sent(which));
  save("api/labelled", body);
}

// ---- start

function dropping() {
  const zone = at("input");
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", name === "dragenter" || name === "dragover");
    });
  }
  document.addEventListener("drop", (event) => {
    const files = [...event.dataTransfer.files];
    if (files.length) add(files);
  });
}

async function start() {
  model = await (await answer("api/model")).json();
  showModel();
  dropping();
  at("record").addEventListener("click", toggleRecording);
  at("choose").addEventListener("click", () => at("files").click());
  at("files").addEventListener("change", (event) => {
    add([...event.target.files]);
    event.target.value = "";
  });
  at("labelled").addEventListener("click", saveLabelled);
  for (const button of document.querySelectorAll("[data-format]")) {
    button.addEventListener("click", () => save(`api/files/${button.dataset.format}`, sent(views)));
  }
  addEventListener("resize", () => views.forEach((view) => view.draw()));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    views.forEach((view) => view.draw()));
}

start().catch((error) => say(error.message));
