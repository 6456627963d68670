"""Figures 2 and 3: what is drawn, how, and where nothing was run."""

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from toy_outcomes import CLASSES, outcome, outcomes

from mdat_data.metrics import compute_metrics
from mdat_train.runs.condition import QUERY, SUPPORT
from mdat_train.runs.predictions import Predictions
from mdat_train.tables.cells.build import build_tables
from mdat_train.tables.formats.paper_figures import PaperFigure, paper_figures
from mdat_train.tables.plan.study import Study

MODELS = ("mdat", "bilstm")
MDAT = outcome(Study(protocol="strict", source="iemocap", target="emodb", model="mdat"))


@pytest.fixture(scope="module")
def drawn() -> dict[str, PaperFigure]:
    strict = outcomes(models=MODELS, normalize="corpus")
    paper = {
        s: o for s, o in outcomes(models=MODELS, protocol="paper").items() if s.target != "iemocap"
    }
    return {p.name: p for p in paper_figures(build_tables(strict | paper, ("emovo.h5",)))}


def is_drawn(predictions: Predictions, shots: int) -> bool:
    condition = predictions.condition
    return (condition.tested_on, condition.shots) == (QUERY, shots)


def line(axes: Axes, label: str) -> Line2D:
    handles, labels = axes.get_legend_handles_labels()
    handle = handles[labels.index(label)]
    return handle if isinstance(handle, Line2D) else handle[0]


def test_the_papers_figures_and_pairs_with_a_curve_of_ours_are_drawn(drawn):
    assert list(drawn) == ["figure_2", "figure_3", "shots_emodb_iemocap"]
    assert drawn["figure_2"].title == "Figure 2: IEMOCAP to EMODB"


def test_a_panel_for_each_protocol(drawn):
    titles = [axes.get_title() for axes in drawn["figure_2"].figure.axes]
    assert titles == ["protocol paper", "protocol strict, transductive"]
    assert len(drawn["shots_emodb_iemocap"].figure.axes) == 1


@pytest.mark.parametrize(
    ("label", "style", "hollow"),
    [
        ("MDAT, ours", "-", False),
        ("MDAT, paper", "-", True),
        ("BiLSTM, ours", ":", False),
        ("BiLSTM, paper", ":", True),
        ("within EMODB, ours", ":", False),
        ("within EMODB, paper", ":", True),
    ],
)
def test_lines_are_as_the_paper_drew_them(drawn, label, style, hollow):
    found = line(drawn["figure_2"].figure.axes[0], label)
    assert found.get_linestyle() == style
    assert (found.get_markerfacecolor() == "white") == hollow


@pytest.mark.parametrize("curve", ["MDAT", "BiLSTM", "within EMODB"])
def test_ours_and_the_papers_have_the_same_color(drawn, curve):
    axes = drawn["figure_2"].figure.axes[1]
    ours, theirs = (line(axes, f"{curve}, {whose}") for whose in ("ours", "paper"))
    assert ours.get_color() == theirs.get_color()


def test_points_are_the_values_of_the_table(drawn):
    axes = drawn["figure_2"].figure.axes[0]
    assert list(line(axes, "MDAT, paper").get_ydata()) == [42.48, 73.7, 83.8, 91.48]
    of_mdat = [
        p
        for p in MDAT.run.predictions
        if p.condition.model == "mdat" and p.condition.trained_on != SUPPORT
    ]
    uas = [
        np.mean(
            [
                compute_metrics(p.truth, p.predicted, CLASSES).ua
                for p in of_mdat
                if is_drawn(p, shots)
            ]
        )
        for shots in (0, 5)
    ]
    ours = line(drawn["figure_2"].figure.axes[1], "MDAT, ours")
    assert list(ours.get_ydata()) == pytest.approx([100 * ua for ua in uas])


def test_an_uncertain_point_is_marked(drawn):
    texts = [text.get_text() for text in drawn["figure_2"].figure.axes[0].texts]
    assert texts == ["?"]


def test_without_a_curve_of_ours_only_the_papers_points_are_drawn(drawn):
    found = drawn["figure_3"]
    assert found.title == "Figure 3: IEMOCAP to EMOVO (no curve of ours, only the paper's points)"
    (axes,) = found.figure.axes
    assert axes.get_title() == ""
    assert axes.get_legend_handles_labels()[1] == [
        *("MDAT, paper", "BiLSTM, paper", "within EMOVO, paper"),
    ]


def test_shots_are_called_labelled_utterances(drawn):
    found = drawn["figure_2"]
    assert "over the number of labelled utterances per class of EMODB" in found.caption
    assert {axes.get_xlabel() for axes in found.figure.axes} == {
        "labelled utterances per class of EMODB"
    }
