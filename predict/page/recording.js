// A recording on the page: its waveform, its sound, and its segments.

import { colourOf, drawFalls, drawRecording } from "./drawing.js";

const NOT_LABELLED = "—";

export class RecordingView {
  constructor(file, found, classes, page) {
    Object.assign(this, { file, found, classes, page, name: found.recording });
    this.element = document.getElementById("recording").content.cloneNode(true).firstElementChild;
    this.audio = this.part("audio");
    this.part("h2").textContent = `${found.recording}, ${found.duration.toFixed(1)} s`;
    this.part(".summary").textContent = this.summary();
    this.part(".speaker").value = found.recording.replace(/\.[^.]*$/, "");
    this.part(".remove").addEventListener("click", () => page.remove(this));
    this.part(".remove").setAttribute("aria-label", `Remove ${found.recording}`);
    this.rows = found.segments.map((segment, number) => this.row(segment, number + 1));
    this.part("ol").append(...this.rows);
    this.part("canvas").addEventListener("click", (event) => this.playAt(event));
    this.sound();
  }

  part(selector) {
    return this.element.querySelector(selector);
  }

  get labels() {
    return this.found.segments.filter((segment) => segment.label).length;
  }

  reviewed() {
    const { waveform, summary, ...sent } = this.found;
    return { ...sent, speaker: this.part(".speaker").value };
  }

  summary() {
    const { summary, segments } = this.found;
    if (!summary) return "No speech was found.";
    const share = summary.probabilities[summary.emotion];
    const how = share === undefined ? "" : ` (${(100 * share).toFixed(0)} %)`;
    const parts = segments.length === 1 ? "one segment" : `${segments.length} segments`;
    return `${parts}, on the whole ${summary.emotion}${how}`;
  }

  // ---- sound

  sound() {
    this.audio.src = URL.createObjectURL(this.file);
    this.audio.addEventListener("error", () => {
      this.audio.hidden = true;
      this.rows.forEach((row) => { row.querySelector(".play").disabled = true; });
      this.part(".summary").append(". This browser cannot play the format.");
    });
    this.audio.addEventListener("play", () => this.follow());
    this.audio.addEventListener("timeupdate", () => this.moved());
    this.audio.addEventListener("pause", () => { this.until = null; });
  }

  play(segment) {
    this.audio.currentTime = segment.start;
    this.until = segment.end;
    this.audio.play().catch((error) => this.page.say(error.message));
  }

  playAt(event) {
    const seconds = (event.offsetX / event.target.clientWidth) * this.found.duration;
    const segment = this.found.segments.find((of) => of.start <= seconds && seconds <= of.end);
    if (segment) this.play(segment);
  }

  follow() {
    this.moved();
    if (!this.audio.paused) requestAnimationFrame(() => this.follow());
  }

  moved() {
    const now = this.audio.currentTime;
    if (this.until !== null && now >= this.until) this.audio.pause();
    this.found.segments.forEach((segment, number) => {
      const inside = segment.start <= now && now < segment.end && !this.audio.paused;
      this.rows[number].classList.toggle("playing", inside);
    });
    this.draw();
  }

  // ---- segments

  row(segment, number) {
    const row = document.getElementById("segment").content.cloneNode(true).firstElementChild;
    const times = `${segment.start.toFixed(1)} to ${segment.end.toFixed(1)} s`;
    const play = row.querySelector(".play");
    play.textContent = `▶ ${times}`;
    play.setAttribute("aria-label", `Play ${times}`);
    play.addEventListener("click", () => this.play(segment));
    row.querySelector(".bars").append(...this.classes.map((name) => this.bar(segment, name)));
    row.querySelector(".transcript").textContent = segment.transcript;
    row.querySelector(".why").setAttribute("aria-label", `Why, ${times}?`);
    row.querySelector(".why").addEventListener("click", () => this.explain(segment, row));
    const select = row.querySelector("select");
    select.setAttribute("aria-label", `What you hear in segment ${number}, ${times}`);
    select.append(...["", ...this.classes].map((name) => new Option(name || NOT_LABELLED, name)));
    select.addEventListener("change", () => {
      segment.label = select.value || null;
      this.show(segment, row);
      this.page.changed();
      this.draw();
    });
    this.show(segment, row);
    return row;
  }

  show(segment, row) {
    segment.shown = segment.label ?? segment.emotion;
    segment.colour = colourOf(segment.shown, this.classes);
    row.style.setProperty("--emotion", segment.colour);
    const note = document.createElement("small");
    note.textContent = segment.label ? "your label" : "";
    row.querySelector(".emotion").replaceChildren(segment.shown, note);
  }

  bar(segment, name) {
    const [bar, word, track, fill, number] =
      ["div", "span", "div", "div", "span"].map((tag) => document.createElement(tag));
    const share = segment.probabilities[name];
    bar.className = "bar";
    track.className = "track";
    word.textContent = name;
    fill.style.width = `${100 * share}%`;
    fill.style.background = colourOf(name, this.classes);
    number.textContent = `${(100 * share).toFixed(0)} %`;
    track.append(fill);
    bar.append(word, track, number);
    return bar;
  }

  async explain(segment, row) {
    const body = new FormData();
    body.append("file", this.file);
    for (const name of ["start", "end", "transcript"]) body.append(name, segment[name]);
    this.page.say("Masking parts of the segment …");
    try {
      segment.explanation = await (await this.page.answer("api/explain", body)).json();
      row.querySelector("figure").hidden = false;
      this.drawExplanation(segment, row);
      this.page.say("The explanation is below the segment.");
    } catch (error) {
      this.page.say(error.message);
    }
  }

  // ---- drawing

  draw() {
    drawRecording(this.part("canvas"), this.found, this.audio.currentTime);
    this.found.segments.forEach((segment, number) => {
      if (segment.explanation) this.drawExplanation(segment, this.rows[number]);
    });
  }

  drawExplanation(segment, row) {
    const { emotion, speech, steps_per_second: rate, tokens, text } = segment.explanation;
    const falls = speech.filter((fall) => fall !== null);
    const canvas = row.querySelector("figure canvas");
    canvas.hidden = falls.length === 0;
    if (falls.length) {
      const colour = colourOf(emotion, this.classes);
      drawFalls(canvas, falls, segment.end - segment.start, rate, colour);
    }
    const most = Math.max(0, ...falls);
    const when = (segment.start + falls.indexOf(most) / rate).toFixed(1);
    const words = tokens.map((token, number) => `${token} ${(100 * (text[number] ?? 0)).toFixed(0)}`);
    row.querySelector("figcaption").textContent =
      `How far the probability of ${emotion} falls where the speech around is masked: most at ` +
      `${when} s, by ${(100 * most).toFixed(0)} points. Grey: it rises.` +
      (words.length ? ` For each token, in points: ${words.join(", ")}.` : "");
  }

  close() {
    this.audio.pause();
    URL.revokeObjectURL(this.audio.src);
    this.element.remove();
  }
}
