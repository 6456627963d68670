"""What mdat-train prints before and after a run."""

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from mdat_data.doubts import spellings
from mdat_data.errors import listed
from mdat_data.metrics import at_coverages, coverage_line
from mdat_data.metrics.table import TableRow, bounds, metrics_table
from mdat_data.printable import one_line
from mdat_train.classifiers.models import MODELS
from mdat_train.config import TrainConfig
from mdat_train.inputs.loading import TrainingData
from mdat_train.inputs.selection import NO_CLASS, Selection
from mdat_train.runs.condition import SUPPORT
from mdat_train.runs.fairness import Group, fairness
from mdat_train.runs.labels import condition_label, scale_label
from mdat_train.runs.run import ConditionMetrics, Run

SHOWN = 20
"""Number of emotions, and of groups of test utterances, that are listed one by one."""


def data_summary(data: TrainingData) -> str:
    """Describe what a run trains on and is tested on.

    Args:
        data: The data of the run.

    Returns:
        Lines of text.
    """
    lines = []
    for name, selection in (("source", data.source), ("target", data.target)):
        if selection is None:
            continue
        by_emotion = Counter(u.emotion for u in selection.utterances)
        emotions = _counts({emotion: by_emotion[emotion] for emotion in selection.classes})
        speakers = len({u.speaker for u in selection.utterances})
        lines.append(f"{name}: {len(selection)} utterances of {speakers} speakers ({emotions})")
        lines += _left_out(selection)
    config = data.config
    lines += _streams(data)
    if config.transductive:
        lines.append("transductive: statistics of the unlabelled target are used")
    if MODELS[config.model].has_epochs and not data.in_memory:
        lines.append(f"features are larger than {config.memory:g} GiB: read for every batch")
    return "\n".join(map(one_line, lines))


def _streams(data: TrainingData) -> Iterator[str]:
    """What the model reads."""
    config, encoded = data.config, next(iter(data.provenance.values()))
    layers = {"speech": config.speech_layer, "text": config.text_layer}
    if config.frame_stride and config.frame_stride > 1:
        layers["speech"] = f"{config.speech_layer} (means of {config.frame_stride} frames)"
    told = [f"{name} layer {layer}" for name, layer in layers.items() if encoded[name]]
    yield ", ".join([*told, f"normalisation {config.normalize}"])
    for name in layers:
        if not encoded[name]:
            yield f"{name} was not encoded: the model uses {config.modality} alone"
    yield from (f"warning: {warning}" for warning in data.warnings)


def _counts(by_emotion: Mapping[str, int]) -> str:
    return listed((f"{emotion} {count}" for emotion, count in by_emotion.items()), shown=SHOWN)


def summary(run: Run) -> str:
    """Metrics of every condition, and what a reader must know about them.

    Args:
        run: A finished run.

    Returns:
        Lines of text.
    """
    results = run.metrics()
    lines = metrics_table([_row(run.config, result) for result in results])
    lines += _choices(run)
    lines += _by_group(run)
    lines += _coverage(run)
    lines += run.model.notes if run.model else ()
    return "\n".join(map(one_line, [*lines, *_trainings(run)]))


def _left_out(selection: Selection) -> Iterator[str]:
    """What the features files hold that is not used, and emotions that look alike."""
    for reason, counts in selection.left_out.items():
        yield f"  left out: {_counts(dict(sorted(counts.items())))} ({reason})"
    others = Counter(selection.left_out.get(NO_CLASS, {})).elements()
    yield from spellings(
        "emotions", [*(u.emotion for u in selection.utterances if u.emotion), *others]
    )
    yield from spellings("speakers", [u.speaker for u in selection.utterances])


def _row(config: TrainConfig, result: ConditionMetrics) -> TableRow:
    condition = result.condition
    return TableRow(
        label=condition_label(condition),
        tested_on=condition.tested_on,
        shots=condition.shots,
        scores=result,
        note=scale_label(config, condition),
    )


def _choices(run: Run) -> Iterator[str]:
    """What `--adaptation auto` chose, and the scores of all that it tried."""
    for name, choice in run.choices.items():
        scores = "; ".join(f"{label} {100 * ua:.1f}" for label, ua in choice.scores.items())
        why = f"UA % among the sources: {scores}" if scores else f"no game: {choice.played_on}"
        yield f"auto, {name}: {choice.chosen} ({why})"


def _coverage(run: Run) -> Iterator[str]:
    """How often the surest predictions are right, of the model that is kept."""
    kept = [condition for condition in run.conditions() if condition.trained_on != SUPPORT]
    if kept:
        made = run.of(kept[-1])
        probabilities = np.concatenate([p.probabilities for p in made])
        truth = np.concatenate([p.truth for p in made])
        yield coverage_line(at_coverages(probabilities, truth))


def _by_group(run: Run) -> Iterator[str]:
    """The UA of groups of people, and the largest gap between them, of the model that is kept."""
    for fact in run.predictions.facts:
        condition = run.kept_condition
        shots = f" with {condition.shots} shots" if condition.shots else ""
        if found := fairness(run, condition, fact):
            groups = listed(map(_group, found.groups), shown=SHOWN, separator="; ")
            yield (
                f"UA % by {fact}, {condition_label(condition)} on {condition.tested_on}{shots}: "
                f"{groups}; largest gap {100 * found.gap:.1f} {bounds(found.interval)}".rstrip()
            )


def _group(group: Group) -> str:
    of = f"{100 * group.ua.mean:.1f} {bounds(group.interval)}".rstrip()
    lacks = f", without {', '.join(group.missing)}" if group.missing else ""
    speakers = "1 speaker" if group.speakers == 1 else f"{group.speakers} speakers"
    return f"{group.value} {of} ({speakers}{lacks})"


def _trainings(run: Run) -> list[str]:
    """Leakage, and which trainings had no validation set."""
    lines = []
    warned = [training for training in run.trainings if training.warnings]
    if warned:
        worst = max(warned, key=lambda training: len(training.warnings))
        lines.append(
            f"warning ({len(warned)} of {len(run.trainings)} splits), {worst.name}: "
            + "; ".join(worst.warnings)
        )
    fixed = [t for t in run.trainings if t.history and not t.split.validation]
    if fixed and run.config.patience:
        lines.append(
            f"{len(fixed)} of {len(run.trainings)} trainings ran without early stopping: "
            "adaptations, and those where no groups with every class could be held out"
        )
    return lines
