"""The panels of the figures: one for each protocol of a pair."""

import pytest
from toy_outcomes import outcomes

from mdat_train.tables.cells.build import build_tables
from mdat_train.tables.formats.panel import Panel, panels_of_pairs


@pytest.fixture(scope="module")
def panels() -> dict[tuple[str, str], list[Panel]]:
    of = outcomes(models=("mdat", "bilstm")) | outcomes((), protocol="paper")
    of |= outcomes(("emodb",), protocol="paper", models=("mdat",))
    return panels_of_pairs(build_tables(of, ("emovo.h5", "urdu.h5")))


def test_every_pair_has_a_panel_for_each_protocol(panels):
    assert len(panels) == 12
    assert [panel.title for panel in panels["IEMOCAP", "EMODB"]] == [
        "protocol paper",
        "protocol strict",
    ]


def test_a_panel_has_the_rows_of_its_pair(panels):
    _, panel = panels["IEMOCAP", "EMODB"]
    assert panel.shots == [0, 5, 10, 15]
    assert {row.head[:2] for row in panel.rows} == {("IEMOCAP", "EMODB")}
    assert [bool(cell.result) for cell in panel.cells("MDAT")] == [True, True, False, False]
    assert panel.level.published.value == 84.5


def test_a_panel_without_a_curve_of_ours_can_be_reduced_to_the_papers_points(panels):
    paper, strict = panels["IEMOCAP", "EMODB"]
    assert strict.has_ours()
    assert not paper.has_ours()
    reduced = paper.without_ours()
    assert (reduced.title, reduced.level.result) == ("", None)
    assert reduced.level.published == paper.level.published
