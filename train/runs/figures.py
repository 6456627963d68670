"""The figures of a run."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from warnings import catch_warnings, filterwarnings

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mdat_data.metrics import confusion_matrix
from mdat_data.printable import shortened
from mdat_train.runs.condition import QUERY, SUPPORT, Condition
from mdat_train.runs.labels import condition_label, model_label
from mdat_train.runs.run import Run, Training

LONGEST_WORD = 24
"""Characters of the longest emotion on an axis."""

MOST_CLASSES = 24
"""Classes for which a confusion matrix grows and has numbers; a matrix of hundreds of classes would
take gigabytes."""


def draw_figures(run: Run, folder: Path) -> None:
    """Draw all figures of a run into its folder, as PNG.

    `confusion.png` shows the confusion matrix of the model with the most shots, `curves.png` the
    training curves of the networks, `shots.png` the UA over the number of shots.

    Args:
        run: A finished run.
        folder: An existing folder.

    Raises:
        ExceptionGroup: Some figures could not be drawn; the others are.
    """
    figures: dict[str, Callable[[], Figure]] = {
        "confusion": lambda: _confusion(run, run.kept_condition)
    }
    if any(training.history for training in run.trainings):
        figures["curves"] = lambda: _curves(run.trainings)
    if run.kept_condition.shots and run.kept_condition.tested_on == QUERY:
        figures["shots"] = lambda: _shots(run)
    failed: list[Exception] = []
    for name, draw in figures.items():
        path = folder / f"{name}.png"
        try:
            with words_as_they_are():
                draw().savefig(path, dpi=150)
        except Exception as error:  # of any kind: emotions are words of others
            path.unlink(missing_ok=True)
            failed.append(error)
    if failed:
        raise ExceptionGroup("figures that could not be drawn", failed)


@contextmanager
def words_as_they_are() -> Iterator[None]:
    """Draw words without markup, where matplotlib would take `$…$` for a formula.

    Letters that its font lacks become boxes, about which it would warn on the terminal.
    """
    with rc_context({"text.parse_math": False, "text.usetex": False}), catch_warnings():
        filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        yield


def _confusion(run: Run, condition: Condition) -> Figure:
    """Confusion matrix: share of each true class (rows) by prediction (columns), and mean count."""
    counts = np.mean(
        [confusion_matrix(p.truth, p.predicted, len(run.classes)) for p in run.of(condition)],
        axis=0,
    )
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 1.1 * min(len(run.classes), MOST_CLASSES)
    figure = Figure(figsize=(size + 2, size + 1.2))
    axes = figure.subplots()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    printed = shares if len(run.classes) <= MOST_CLASSES else shares[:0]
    for (row, column), share in np.ndenumerate(printed):
        axes.text(
            column,
            row,
            f"{100 * share:.0f} %\n({counts[row, column]:.3g})",
            ha="center",
            va="center",
            color="white" if share > 0.5 else "black",
        )
    ticks = range(len(run.classes))
    words = [shortened(word, LONGEST_WORD) for word in run.classes]
    axes.set(xlabel="predicted", ylabel="true", title=_title(run, condition))
    axes.set_xticks(ticks, words, rotation=45, ha="right")
    axes.set_yticks(ticks, words)
    figure.colorbar(image, label="share of the true class", fraction=0.046)
    figure.set_layout_engine("tight")
    return figure


def _title(run: Run, condition: Condition) -> str:
    shots = f", {condition.shots} shots" if condition.shots else ""
    mean = run.metrics_of(condition).ua.mean
    return f"{condition_label(condition)}, {condition.tested_on}{shots}: UA {100 * mean:.1f} %"


def _curves(trainings: Sequence[Training]) -> Figure:
    """Loss of every training over the epochs, and UA on the validation set where there is one."""
    validated = any("validation_ua" in epoch for t in trainings for epoch in t.history)
    figure = Figure(figsize=(10 if validated else 5.5, 4))
    loss, *rest = figure.subplots(1, 2 if validated else 1, squeeze=False)[0]
    _plot_histories(loss, trainings, "loss", scale=1)
    loss.set(xlabel="epoch", ylabel="training loss", title="training loss", ylim=(0, None))
    for ua in rest:
        _plot_histories(ua, trainings, "validation_ua", scale=100)
        ua.set(xlabel="epoch", ylabel="UA in %", title="UA on the validation set", ylim=(0, 100))
    figure.set_layout_engine("tight")
    return figure


def _plot_histories(axes: Axes, trainings: Sequence[Training], name: str, *, scale: float) -> None:
    """One line for each training, paler the more there are."""
    kinds = {"early stopping": ("tab:blue", True), "fixed epochs": ("tab:orange", False)}
    for label, (color, stopped) in kinds.items():
        curves = [
            [scale * epoch[name] for epoch in training.history]
            for training in trainings
            if bool(training.split.validation) == stopped
            and any(name in epoch for epoch in training.history)
        ]
        for number, curve in enumerate(curves):
            axes.plot(
                range(1, len(curve) + 1),
                curve,
                color=color,
                alpha=max(0.2, len(curves) ** -0.5),
                label=None if number else f"{label} ({len(curves)})",
            )
    # Searching for the best place is slow, and matplotlib warns of it on a busy machine.
    axes.legend(loc="upper right" if name == "loss" else "lower right")


def _shots(run: Run) -> Figure:
    """UA over the number of shots, with the controls and the 95 % intervals over speakers."""
    figure = Figure(figsize=(7, 4.5))
    axes = figure.subplots()
    of_query = [r for r in run.metrics() if r.condition.tested_on == QUERY]
    most = max(r.condition.shots for r in of_query)
    # The model itself is one curve: zero-shot first, then adapted.
    curves = dict.fromkeys((r.condition.model, r.condition.trained_on == SUPPORT) for r in of_query)
    for place, (model, control) in enumerate(curves):
        points = [
            r
            for r in of_query
            if (r.condition.model, r.condition.trained_on == SUPPORT) == (model, control)
        ]
        # Side by side, so that no interval hides another.
        shots = [r.condition.shots + (place - 1) * most / 100 for r in points]
        means = [100 * r.ua.mean for r in points]
        reach = [
            (mean - 100 * r.interval.low, 100 * r.interval.high - mean) if r.interval else (0, 0)
            for mean, r in zip(means, points, strict=True)
        ]
        axes.errorbar(
            shots,
            means,
            yerr=np.clip(reach, 0, None).T,
            marker="o",
            capsize=3,
            linestyle=":" if control else "-",
            label=model_label(model, SUPPORT if control else ""),
        )
    axes.axhline(100 * of_query[0].chance, color="grey", linestyle=":", label="chance")
    axes.set(xlabel="labelled utterances per class of the target", ylabel="UA in %", ylim=(0, 100))
    axes.set_xticks(sorted({r.condition.shots for r in of_query}))
    axes.legend(loc="lower right")
    figure.set_layout_engine("tight")
    return figure
