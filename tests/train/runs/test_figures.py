"""What the figures of a run show."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from small_run import CLASSES, RUN

from mdat_train.runs import figures
from mdat_train.runs.predictions import PredictionTable


def legend(figure: Figure, number: int = 0) -> list[str]:
    return [text.get_text() for text in figure.axes[number].get_legend().get_texts()]


@pytest.fixture
def written(monkeypatch) -> list[str]:
    """Names of the figures that were written, which takes the longest."""
    names: list[str] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, path, dpi: names.append(path.name))
    return names


def test_a_run_has_the_figures_that_it_has_data_for(written, tmp_path):
    figures.draw_figures(RUN, tmp_path)
    assert written == ["confusion.png", "curves.png", "shots.png"]


def test_without_epochs_and_shots_there_is_a_confusion_matrix_only(written, tmp_path):
    zero_shot = PredictionTable(CLASSES, RUN.predictions[:1])
    trainings = [replace(training, history=()) for training in RUN.trainings]
    figures.draw_figures(replace(RUN, trainings=trainings, predictions=zero_shot), tmp_path)
    assert written == ["confusion.png"]


def test_the_confusion_matrix_has_shares_and_mean_counts():
    condition = RUN.conditions()[1]
    axes, _ = figures._confusion(RUN, condition).axes
    counts = np.zeros((3, 3))
    for p in RUN.of(condition):
        np.add.at(counts, (p.truth, p.predicted), 1 / 3)
    shares = 100 * counts / [[3], [3], [1]]  # three utterances of two classes, and none of the last
    printed = [text.get_text() for text in axes.texts]
    pairs = zip(shares.ravel(), counts.ravel(), strict=True)
    assert printed == [f"{share:.0f} %\n({count:.3g})" for share, count in pairs]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == list(CLASSES)
    ua = RUN.metrics_of(condition).ua.mean
    assert axes.get_title() == f"MDAT, query, 5 shots: UA {100 * ua:.1f} %"


def test_trainings_with_and_without_early_stopping_have_their_colours():
    fixed = replace(RUN.trainings[1], history=({"epoch": 1, "loss": 0.2},) * 2)
    figure = figures._curves([RUN.trainings[0], fixed, fixed])
    assert legend(figure) == ["early stopping (1)", "fixed epochs (2)"]
    assert legend(figure, 1) == ["early stopping (1)"]


def test_the_model_and_its_controls_are_curves_over_the_shots():
    linear = replace(RUN.predictions[2], condition=replace(RUN.conditions()[2], model="linear"))
    items = (*RUN.predictions.items, linear)
    figure = figures._shots(replace(RUN, predictions=PredictionTable(CLASSES, items)))
    curves = ["MDAT", "MDAT, support only", "linear, support only"]
    assert sorted(legend(figure)) == sorted([*curves, "chance"])
    assert figure.axes[0].get_xticks().tolist() == [0, 5]


HOSTILE = ("$\\frac$", "$x$ 5 %", "\x1b[31msad\n", "a_b & \\ <b>", "غصہ 怒", "w" * 1000)


def test_emotions_are_drawn_as_they_are_written(tmp_path):
    classes = HOSTILE[:3]
    run = replace(RUN, classes=classes, predictions=PredictionTable(classes, RUN.predictions.items))
    figures.draw_figures(run, tmp_path)
    assert len(list(tmp_path.glob("*.png"))) == 3
    figure = figures._confusion(run, run.conditions()[1])
    printed = [tick.get_text() for tick in figure.axes[0].get_xticklabels()]
    assert printed == ["$\\frac$", "$x$ 5 %", "\\x1b[31msad\\n"]


def test_other_emotions_neither_fail_nor_warn(tmp_path):
    classes = HOSTILE[3:]
    run = replace(RUN, classes=classes, predictions=PredictionTable(classes, RUN.predictions.items))
    figures.draw_figures(run, tmp_path)  # warnings are errors
    figure = figures._confusion(run, run.conditions()[1])
    assert figure.axes[0].get_xticklabels()[-1].get_text() == "w" * 23 + "…"


def test_a_matrix_of_hundreds_of_classes_does_not_grow():
    classes = tuple(map(str, range(300)))
    predictions = [
        replace(p, probabilities=np.pad(p.probabilities, ((0, 0), (0, 297))))
        for p in RUN.predictions
    ]
    run = replace(RUN, classes=classes, predictions=PredictionTable(classes, tuple(predictions)))
    figure = figures._confusion(run, run.conditions()[1])
    assert max(figure.get_size_inches()) < 30
    assert not figure.axes[0].texts
