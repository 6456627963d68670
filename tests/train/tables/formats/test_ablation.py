"""The table of the ablations."""

from dataclasses import replace

import pytest
from toy_outcomes import outcome

from mdat_train.config import ABLATIONS
from mdat_train.evaluation.change import change_of
from mdat_train.runs.condition import SUPPORT
from mdat_train.runs.run import Run
from mdat_train.tables.formats.ablation import ablation_table
from mdat_train.tables.formats.wording import change_text
from mdat_train.tables.plan.study import Study

MDAT = Study(protocol="own", source="iemocap", target="emodb", model="mdat")


@pytest.fixture(scope="module")
def runs() -> dict[int, Run]:
    """The full model, which has a curve, and two others without."""
    of = {n: outcome(replace(MDAT, disable=ABLATIONS[n]), seeds=2).run for n in (1, 3, 7)}
    query = [p for p in of[1].predictions if p.condition.tested_on == "query"]
    return {
        n: replace(run, predictions=replace(run.predictions, items=(*run.predictions, *query)))
        if n > 1
        else run
        for n, run in of.items()
    }


@pytest.fixture(scope="module")
def rows(runs) -> list[list[str]]:
    table = ablation_table(runs).splitlines()[2:-2]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table]


def test_every_condition_has_a_row_for_every_model(runs, rows):
    tested = [(tested_on, shots) for *_, tested_on, shots, _, _ in rows]
    assert tested == [("target", "0")] * 3 + [("query", "0")] * 3 + [("query", "5")] * 3
    assert [row[0] for row in rows] == ["1", "3", "7"] * 3
    assert any(condition.trained_on == SUPPORT for condition in runs[1].conditions())


def test_modules_and_sizes_are_marked(rows):
    assert [row[:5] for row in rows[:3]] == [
        ["1", "✓", "✓", "✓", "1,234,567"],
        ["3", "✓", "", "", "1,234,567"],
        ["7", "✓", "", "✓", "1,234,567"],
    ]


def test_means_and_changes_have_their_intervals(runs, rows):
    condition = runs[1].conditions()[0]
    means = [100 * run.metrics_of(condition).ua.mean for run in runs.values()]
    assert [row[7].split()[0] for row in rows[:3]] == [f"{mean:.1f}" for mean in means]
    changes = [change_of(runs[n], runs[1], condition) for n in (3, 7)]
    assert [row[8] for row in rows[:3]] == ["", *map(change_text, changes)]
    assert [row[8].split()[0].replace("−", "-") for row in rows[1:3]] == [
        f"{mean - means[0]:+.1f}" for mean in means[1:]
    ]
    assert all(row[8].endswith("]") for row in rows[1:3])


def test_the_last_line_has_the_settings(runs):
    last = ablation_table(runs).splitlines()[-1]
    assert "Preset base, 10 epochs, 2 seeds, normalisation train. Residual" in last
    full = replace(runs[1], config=replace(runs[1].config, normalize="corpus"))
    assert "normalisation corpus (transductive)." in ablation_table({1: full})
    assert "linear classifier beside the network" in last
    wide = replace(runs[1], config=replace(runs[1].config, preset="wide"))
    assert "beside the network" not in ablation_table({1: wide})
