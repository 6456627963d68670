"""The table of transfer, and the map of sources and targets."""

import numpy as np
import pytest
from toy_outcomes import CLASSES, predictions

from mdat_train.config import TrainConfig
from mdat_train.runs.condition import ADAPTED, QUERY, SUPPORT
from mdat_train.runs.predictions import Predictions, PredictionTable
from mdat_train.runs.run import Run
from mdat_train.tables.cells.table import Row, Table
from mdat_train.tables.cells.transfer import transfer_tables
from mdat_train.tables.formats.transfer_figures import transfer_figures
from mdat_train.tables.plan.study import Outcome, Outcomes, Study
from mdat_train.tables.plan.transfer import ALL

SKILLS = {"zero-shot": 0.5, "support only": 0.3, "linear, support only": 0.3, "joint": 0.9}
COLUMNS = ("zero-shot", "support only", "linear, support only", "finetune", "joint")


def of_run(model: str, adaptation: str, skills: dict[str, float]) -> list[Predictions]:
    made = predictions(model, QUERY, skill=skills["zero-shot"], draws=range(2))
    for shots in (5, 15):
        for name, trained_on, skill in (
            (model, ADAPTED, skills[adaptation]),
            (model, SUPPORT, skills["support only"]),
            ("linear", SUPPORT, skills["linear, support only"]),
        ):
            if (name, trained_on) != ("linear", SUPPORT) or model != "linear" or name == model:
                made += predictions(
                    name, QUERY, shots, skill=skill, trained_on=trained_on, draws=range(2)
                )
    return made


def outcome(study: Study, skills: dict[str, float]) -> Outcome:
    run = Run(
        config=TrainConfig(source=(), model=study.model, normalize="corpus"),
        provenance={},
        classes=CLASSES,
        utterances={"source": 100, "target": 48},
        predictions=PredictionTable(CLASSES, tuple(of_run(study.model, study.adaptation, skills))),
    )
    return Outcome(run=run)


def outcomes(**skills: dict[str, float]) -> Outcomes:
    """By target; sources alone are the other targets."""
    made = {}
    for target, of_target in skills.items():
        for adaptation in ("joint", "finetune"):
            study = Study(
                protocol="strict", source=ALL, target=target, model="mdat", adaptation=adaptation
            )
            made[study] = outcome(study, {"finetune": 0.6} | of_target)
        for source in set(skills) - {target}:
            study = Study(
                protocol="strict", source=source, target=target, model="mdat", adaptation="joint"
            )
            made[study] = outcome(study, of_target)
    return made


@pytest.fixture(scope="module")
def tables() -> tuple[Table, ...]:
    return transfer_tables(outcomes(a=SKILLS, b=SKILLS | {"joint": 0.3, "support only": 0.7}))


def row(table: Table, name: str) -> Row:
    return next(row for row in table.rows if row.name == name)


def test_every_row_has_its_controls_and_methods(tables):
    table, _ = tables
    assert table.columns == COLUMNS
    assert [row.head[:3] for row in table.rows] == [
        (target, "MDAT", shots) for target in ("A", "B") for shots in ("0", "5", "15")
    ]
    for row in table.rows:
        shown = [cell.result is not None for cell in row.cells]
        assert shown == [True] * 5 if row.head[2] != "0" else [True] + [False] * 4


def test_the_adapted_model_is_compared_with_the_better_control(tables):
    table, _ = tables
    compared = {
        row.name: [name for name, cell in zip(COLUMNS, row.cells, strict=True) if cell.comparison]
        for row in table.rows
    }
    assert compared["A, MDAT, 5 shots"] == ["zero-shot"]
    assert compared["B, MDAT, 15 shots"] == ["support only"]
    assert compared["A, MDAT, 0 shots"] == []
    of = row(table, "A, MDAT, 5 shots")
    zero_shot, joint = of.cells[0], of.cells[-1]
    assert zero_shot.comparison.difference == pytest.approx(
        joint.result.ua.mean - zero_shot.result.ua.mean
    )
    assert zero_shot.comparison.corrected_p is not None


def test_differences_are_pooled_over_the_targets(tables):
    table, _ = tables
    (note,) = [note for note in table.notes if note.startswith("MDAT, 15 shots, joint over 2")]
    means = {
        column: np.mean([row(table, f"{t}, MDAT, 15 shots").cells[n].ua for t in "AB"])
        for n, column in enumerate(COLUMNS)
    }
    assert f"zero-shot {means['joint'] - means['zero-shot']:+.1f} [" in note
    assert f"support only {means['joint'] - means['support only']:+.1f} [" in note


def test_a_target_that_loses_is_named(tables):
    table, _ = tables
    weak = [note for note in table.notes if "points behind" in note]
    assert [note.split(":")[0] for note in weak] == ["B, MDAT, 5 shots", "B, MDAT, 15 shots"]
    assert all(note.endswith("points behind support only.") for note in weak)


def test_the_map_has_a_row_for_every_source_and_all_together(tables):
    _, table = tables
    heads = [(name, shots) for name in ("A", "B", "ALL OTHERS") for shots in ("0", "15")]
    assert [row.head for row in table.rows] == heads
    assert table.columns == ("A", "B")
    assert [cell.result is None for cell in table.rows[0].cells] == [True, False]
    assert row(table, "B, 15 shots").cells[0].ua == pytest.approx(
        row(table, "ALL OTHERS, 15 shots").cells[0].ua
    )


def test_a_study_that_failed_leaves_its_cells_blank():
    made = outcomes(a=SKILLS, b=SKILLS)
    kept = {s: o for s, o in made.items() if (s.source, s.target) != (ALL, "b")}
    table, single = transfer_tables(kept)
    assert {row.head[0] for row in table.rows} == {"A"}
    assert row(single, "ALL OTHERS, 0 shots").cells[1].result is None


def test_nothing_was_run():
    table, single = transfer_tables({})
    assert (table.rows, len(single.rows)) == ((), 2)


def test_every_target_has_curves_and_there_is_a_map(tables):
    drawn = list(transfer_figures(tables))
    assert [figure.name for figure in drawn] == ["transfer_a", "transfer_b", "sources"]
    lines = drawn[0].figure.axes[0].get_legend_handles_labels()[1]
    assert lines == list(COLUMNS)
    texts = [text.get_text() for axes in drawn[2].figure.axes for text in axes.texts]
    assert len(texts) == 2 * 4
    assert list(transfer_figures(())) == []
