"""From outcomes to the paper's tables."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from mdat_train.config import PROTOCOLS
from mdat_train.runs.labels import task_label
from mdat_train.tables.cells import published as paper
from mdat_train.tables.cells.ablations import ablations
from mdat_train.tables.cells.cells import SYSTEMS, cells, classes_beside, studied, utterances_beside
from mdat_train.tables.cells.finish import finished
from mdat_train.tables.cells.published import published
from mdat_train.tables.cells.table import Cell, Row, Table
from mdat_train.tables.plan.study import Outcome, Outcomes, Study

CURVES = ("bilstm", "mdat", "linear", "svm", "safrlm", "hcam")
CONTROLS = tuple(f"{system}, clips alone" for system in CURVES)
SHOTS = (0, 5, 10, 15)
WITHIN = ("folds", "20 %")
"""Names of the test part within a corpus, under the one protocol and the other."""


def build_tables(outcomes: Outcomes, missing: Sequence[str]) -> tuple[Table, ...]:
    """All tables, in the paper's order, under each protocol that was run (under both if none was).

    Args:
        outcomes: What was run.
        missing: Names of the features files that were not found.

    Returns:
        Tables II to VI.
    """
    run = {study.protocol for study in outcomes}
    protocols = [p for p in PROTOCOLS if p in run] or PROTOCOLS
    two, four, five, six = (
        [make(outcomes, protocol, missing) for protocol in protocols]
        for make in (within, across, curves, ablations)
    )
    return (*two, quoted(), *four, *five, *six)


def within(outcomes: Outcomes, protocol: str, missing: Sequence[str]) -> Table:
    """Table II: every system within every corpus."""
    rows, used = [], dict[Study, Outcome]()
    for corpus in paper.rows("II"):
        found = studied(outcomes, protocol, corpus, None)
        used |= found
        size = utterances_beside(corpus, "source", found, classes=paper.corpus(corpus).classes)
        head = (task_label(corpus), classes_beside(corpus, found), size)
        of_systems = cells(found, SYSTEMS, WITHIN, 0, partial(published, "II", corpus))
        rows.append(Row(name=head[0], head=head, cells=of_systems))
    head = ("corpus", "classes", "utterances")
    return finished("II", protocol, head, SYSTEMS, rows, used, missing)


def quoted() -> Table:
    """Table III: what the paper quotes of others, without runs of ours."""
    rows = [
        Row(
            name=row,
            head=(row, *paper.features(row)),
            cells=(Cell(published=published("III", row, "ua")),),
        )
        for row in paper.rows("III")
    ]
    return finished("III", None, ("publication", "audio", "text"), ("UA",), rows, {}, ())


def across(outcomes: Outcomes, protocol: str, missing: Sequence[str]) -> Table:
    """Table IV: every system on every pair, tested on all of the target."""
    rows, used = [], dict[Study, Outcome]()
    for pair in paper.rows("IV"):
        source, target = pair.split("->")
        found = studied(outcomes, protocol, source, target)
        used |= found
        of_systems = cells(found, SYSTEMS, ("target",), 0, partial(published, "IV", pair))
        head = (task_label(source), task_label(target), _sizes(source, target, found))
        rows.append(Row(name=task_label(pair), head=head, cells=of_systems))
    head = ("source", "target", "utterances")
    return finished("IV", protocol, head, SYSTEMS, rows, used, missing)


def curves(outcomes: Outcomes, protocol: str, missing: Sequence[str]) -> Table:
    """Table V: UA over the number of shots, with the controls that learn from the clips alone."""
    columns = (*CURVES, *CONTROLS)
    rows, used = list[Row](), dict[Study, Outcome]()
    for pair in paper.rows("V"):
        found = studied(outcomes, protocol, *pair.split("->"))
        used |= found
        rows += _curve(pair, columns, found)
    kept = [
        place
        for place, column in enumerate(columns)
        if column in ("bilstm", "mdat") or any(row.cells[place].result for row in rows)
    ]
    rows = [replace(row, cells=tuple(row.cells[place] for place in kept)) for row in rows]
    head = ("source", "target", "shots", "utterances")
    return finished("V", protocol, head, [columns[k] for k in kept], rows, used, missing)


def _curve(pair: str, columns: Sequence[str], found: Outcomes) -> list[Row]:
    """A row for each number of shots of the paper and of ours."""
    source, target = pair.split("->")
    ours = {p.condition.shots for o in found.values() for p in o.run.predictions}
    rows = []
    for shots in sorted({*SHOTS, *ours}):
        sizes = _sizes(source, target, found)
        of_systems = cells(
            found, columns, ("query",), shots, partial(published, "V", pair, str(shots))
        )
        head = (task_label(source), task_label(target), str(shots), sizes)
        rows.append(Row(name=f"{task_label(pair)}, {shots} shots", head=head, cells=of_systems))
    return rows


def _sizes(source: str, target: str, found: Outcomes) -> str:
    sizes = (
        utterances_beside(corpus, role, found)
        for role, corpus in (("source", source), ("target", target))
    )
    return " → ".join(sizes)
