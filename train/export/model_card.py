"""`MODEL_CARD.md`: what a model is, how it was tested, and what it must not be used for."""

from collections.abc import Mapping
from typing import Any

from mdat_data.errors import listed
from mdat_data.markdown import escaped, table
from mdat_train.export.scores import by_class, by_group, by_speaker
from mdat_train.runs.labels import model_label
from mdat_train.runs.run import Run

PROHIBITED = """\
* **At work and in education.** Inferring the emotions of people there is prohibited in the European
  Union (AI Act, Regulation (EU) 2024/1689, Article 5(1)(f)), except for medical or safety reasons.
  Elsewhere emotion recognition is a high-risk use (Annex III, 1(c)), and people who are exposed to
  it must be told (Article 50(3)).
* **Decisions about people**, such as hiring, credit, insurance, policing and health.
* **Voices of people who did not consent.**

It predicts the label that listeners or actors would give a voice, not what somebody feels."""

OF_GROUPS = ("speakers", "UA %", "95 % interval")

LIMITS = """\
* Acted emotions differ from felt ones: a score on one kind says little about the other.
* Other languages, microphones, noise, ages and emotions than those above are untested.
* It always answers with one of its classes, even if the emotion is another one or none."""


def model_card(run: Run, described: Mapping[str, Any]) -> str:
    """Write the card of the model of a run.

    Args:
        run: The run.
        described: From `description`.

    Returns:
        The text, as Markdown.
    """
    predictions = run.of(run.kept_condition)
    groups = {
        f"### By {escaped(fact)}": table([escaped(fact), *OF_GROUPS], rows)
        for fact in run.predictions.facts
        if (rows := list(by_group(run, fact)))
    }
    parts = {
        f"# {escaped(model_label(described['model']))}, a model of emotions in speech": _what(run),
        "## What it must not be used for": PROHIBITED,
        "## What it learned from": _learned(described),
        "## How it was tested": _tested(described),
        "### By class": table(
            ["class", "most frequent error", "utterances", "recall %"],
            by_class(predictions, run.classes),
            texts=2,
        ),
        **groups,
        "### By speaker": table(["speaker", "utterances", "correct %"], by_speaker(predictions)),
        "## How far its probabilities can be believed": _believed(described),
        "## Limits": "\n".join([LIMITS, *(f"* {escaped(w)}" for w in described["warnings"])]),
        "## Files": "`model.onnx` and `model.json` are all that using it needs; `model.keras` is "
        "the same model for Keras.",
    }
    return "\n\n".join(f"{head}\n\n{text.rstrip()}" for head, text in parts.items()) + "\n"


def _what(run: Run) -> str:
    streams = {"both": "speech and its transcript", "text": "the transcript of speech"}
    of = streams.get(run.config.modality, "speech")
    return f"It tells {listed(map(escaped, run.classes))} apart, from {of}."


def _learned(described: Mapping[str, Any]) -> str:
    learned = described["learned_from"]
    rows = [
        [
            escaped(of["corpus"]),
            of["role"],
            escaped(of["language"]),
            escaped(described["licences"][of["corpus"]]),
        ]
        for of in learned["corpora"]
    ]
    encoders = [
        f"* {name}: `{made['encoder']}`, revision `{made['revision']}`, layer {made['layer']}"
        for name in ("speech", "text")
        if (made := described[name]) and name not in described["ignored"]
    ]
    merged = [f" {escaped(a)} counts as {escaped(b)}." for a, b in learned["merged"].items()]
    shots = f", {learned['shots']} of each class of the target" if learned["shots"] else ""
    notes = [
        f"{learned['utterances']} utterances of the source{shots}.{''.join(merged)}",
        "\n".join(["It reads features of these encoders:", "", *encoders]),
    ]
    corpora = table(["corpus", "role", "language", "licence"], rows, texts=4)
    return "\n".join([corpora, "\n\n".join(notes)])


def _tested(described: Mapping[str, Any]) -> str:
    metrics = described["metrics"]
    interval = metrics["ua_interval_95"]
    within = (
        f"95 % interval [{100 * interval['low']:.1f}, {100 * interval['high']:.1f}] over "
        f"{metrics['speakers']} speakers"
        if interval
        else "no interval: there are too few speakers, or classes are too rare"
    )
    return (
        f"Test: {escaped(metrics['protocol'])}.\n\n"
        f"UA (mean recall over the classes) {100 * metrics['ua']['mean']:.1f} %, {within}; "
        f"guessing has {100 * metrics['chance']:.1f} %. "
        f"WA (share of correct predictions) {100 * metrics['wa']['mean']:.1f} %."
    )


def _believed(described: Mapping[str, Any]) -> str:
    of = described["calibration"]
    if not of:
        return "Not at all: there is no temperature for them."
    before, after = of["before"], of["after"]
    text = (
        f"Divided by a temperature of {described['temperature']:.2f}, fitted on {of['fitted_on']} "
        f"({of['utterances']}). On {of['tested_on']}: expected calibration error "
        f"{before['calibration_error']:.3f} before and {after['calibration_error']:.3f} after, "
        f"negative log likelihood {before['nll']:.3f} and {after['nll']:.3f}."
    )
    return f"{text} {of['warning']}".strip()
