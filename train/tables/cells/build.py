"""Makes the paper's tables from outcomes."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from mdat_train.classifiers.models import MODELS
from mdat_train.config import PROTOCOLS
from mdat_train.runs.condition import FOLDS, HELD_OUT, QUERY, TARGET
from mdat_train.runs.labels import task_label
from mdat_train.tables.cells import published as paper
from mdat_train.tables.cells.ablations import ablations
from mdat_train.tables.cells.cells import (
    EVERY_MODEL,
    Column,
    cells,
    class_count,
    outcomes_of_task,
    utterance_count,
)
from mdat_train.tables.cells.finish import finish_table
from mdat_train.tables.cells.published import Published, published
from mdat_train.tables.cells.table import Cell, Row, Table
from mdat_train.tables.plan.study import Outcome, Outcomes, Study

SHOTS = (0, 5, 10, 15)
CURVES = tuple(Column(model.name) for model in MODELS.values() if model.in_k_shot_tables)
CONTROLS = tuple(Column(column.model, support_only=True) for column in CURVES)
PRINTED = (Column("bilstm"), Column("mdat"))
"""The columns of the paper's Table V; ours always has them, even without a run."""


def build_tables(outcomes: Outcomes, missing: Sequence[str]) -> tuple[Table, ...]:
    """Make all tables in the paper's order, under each protocol that was run, or both if none was.

    Args:
        outcomes: The outcomes of the studies that were run.
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
    """Table II: every model within every corpus."""
    rows, used = [], dict[Study, Outcome]()
    for corpus in paper.rows("II"):
        found = outcomes_of_task(outcomes, protocol, corpus, None)
        used |= found
        size = utterance_count(corpus, "source", found, classes=paper.corpus(corpus).classes)
        head = (task_label(corpus), class_count(corpus, found), size)
        printed = partial(_printed, "II", corpus)
        of_models = cells(found, EVERY_MODEL, tested_on=(FOLDS, HELD_OUT), shots=0, printed=printed)
        rows.append(Row(name=head[0], head=head, cells=of_models))
    head = ("corpus", "classes", "utterances")
    return finish_table("II", protocol, head, _labels(EVERY_MODEL), rows, used, missing)


def quoted() -> Table:
    """Table III: the numbers that the paper quotes from other publications; nothing of ours."""
    rows = [
        Row(
            name=row,
            head=(row, *paper.features(row)),
            cells=(Cell(published=published("III", row, "ua")),),
        )
        for row in paper.rows("III")
    ]
    return finish_table("III", None, ("publication", "audio", "text"), ("UA",), rows, {}, ())


def across(outcomes: Outcomes, protocol: str, missing: Sequence[str]) -> Table:
    """Table IV: every model on every pair, tested on all of the target."""
    rows, used = [], dict[Study, Outcome]()
    for pair in paper.rows("IV"):
        source, target = pair.split("->")
        found = outcomes_of_task(outcomes, protocol, source, target)
        used |= found
        printed = partial(_printed, "IV", pair)
        of_models = cells(found, EVERY_MODEL, tested_on=(TARGET,), shots=0, printed=printed)
        head = (task_label(source), task_label(target), _sizes(source, target, found))
        rows.append(Row(name=task_label(source, target), head=head, cells=of_models))
    head = ("source", "target", "utterances")
    return finish_table("IV", protocol, head, _labels(EVERY_MODEL), rows, used, missing)


def curves(outcomes: Outcomes, protocol: str, missing: Sequence[str]) -> Table:
    """Table V: UA over the number of shots, with the controls trained on the support set only."""
    columns = (*CURVES, *CONTROLS)
    rows, used = list[Row](), dict[Study, Outcome]()
    for pair in paper.rows("V"):
        found = outcomes_of_task(outcomes, protocol, *pair.split("->"))
        used |= found
        rows += _curve(pair, columns, found)
    kept = [
        place
        for place, column in enumerate(columns)
        if column in PRINTED or any(row.cells[place].result for row in rows)
    ]
    rows = [replace(row, cells=tuple(row.cells[place] for place in kept)) for row in rows]
    head = ("source", "target", "shots", "utterances")
    return finish_table(
        "V", protocol, head, _labels([columns[k] for k in kept]), rows, used, missing
    )


def _curve(pair: str, columns: Sequence[Column], found: Outcomes) -> list[Row]:
    """A row for each number of shots of the paper and of ours."""
    source, target = pair.split("->")
    ours = {p.condition.shots for o in found.values() for p in o.run.predictions}
    rows = []
    for shots in sorted({*SHOTS, *ours}):
        sizes = _sizes(source, target, found)
        printed = partial(_printed, "V", pair, str(shots))
        of_models = cells(found, columns, tested_on=(QUERY,), shots=shots, printed=printed)
        head = (task_label(source), task_label(target), str(shots), sizes)
        name = f"{task_label(source, target)}, {shots} shots"
        rows.append(Row(name=name, head=head, cells=of_models))
    return rows


def _sizes(source: str, target: str, found: Outcomes) -> str:
    sizes = (
        utterance_count(corpus, role, found)
        for role, corpus in (("source", source), ("target", target))
    )
    return " → ".join(sizes)


def _printed(table: str, *place: Any) -> Published | None:
    """The paper's number in a row and a column; a control has none."""
    *row, column = place
    return None if column.support_only else published(table, *row, column.model)


def _labels(columns: Sequence[Column]) -> list[str]:
    return [column.label for column in columns]
