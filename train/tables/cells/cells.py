"""From the runs of one task to the cells of its row."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from mdat_train.evaluation.comparison import compare
from mdat_train.runs.run import Predictions, Result
from mdat_train.tables.cells import published as paper
from mdat_train.tables.cells.published import Published
from mdat_train.tables.cells.table import Cell
from mdat_train.tables.plan.study import Outcome, Outcomes, Study

SYSTEMS = ("bilstm", "safrlm", "hcam", "mdat", "linear", "svm")
RIVALS = ("bilstm", "svm")
"""What MDAT is tested against, fixed before any result was seen."""


def studied(outcomes: Outcomes, protocol: str, source: str, target: str | None) -> Outcomes:
    """What came of the complete systems on one task.

    `linear` and MDAT are first: their runs also hold the control that every run holds.
    """
    studies = [
        Study(protocol=protocol, source=source, target=target, model=model)
        for model in dict.fromkeys(("linear", "mdat", *SYSTEMS))
    ]
    return {study: outcomes[study] for study in studies if study in outcomes}


def cells(
    found: Outcomes,
    systems: Sequence[str],
    tests: Sequence[str],
    shots: int,
    printed: Callable[[str], Published | None],
) -> tuple[Cell, ...]:
    """A cell for each system, with MDAT tested against its rivals.

    Args:
        found: What came of one task.
        systems: Names of systems and controls, as their conditions have them.
        tests: Names that the test part may have.
        shots: Labelled clips per class of the target.
        printed: Gives the paper's number of a system.
    """
    tested = {system: _tested(found, system, tests, shots) for system in systems}
    _, ours = tested["mdat"]
    return tuple(
        Cell(
            result=_result(classes, predictions),
            published=printed(system),
            comparison=compare(ours, predictions)
            if system in RIVALS and ours and predictions
            else None,
        )
        for system, (classes, predictions) in tested.items()
    )


def ablated_cell(outcome: Outcome | None, printed: Published | None, full: float | None) -> Cell:
    """A cell of MDAT without some of its modules, tested on all of the target.

    Args:
        outcome: What came of it, if it was run.
        printed: The paper's number.
        full: UA of the complete MDAT in percent; None where there is none to compare with.
    """
    if outcome is None:
        return Cell(published=printed)
    tested = [p for p in outcome.run.predictions if p.condition.test == "target"]
    cell = Cell(result=_result(outcome.run.classes, tested), published=printed)
    return cell if cell.ua is None or full is None else replace(cell, change=cell.ua - full)


def classes_beside(corpus: str, found: Outcomes) -> str:
    """Number of classes within a corpus, and the paper's where it is another."""
    ours = next((len(outcome.run.classes) for outcome in found.values()), None)
    return _beside(ours, paper.corpus(corpus).classes)


def utterances_beside(corpus: str, role: str, found: Outcomes, *, classes: int = 4) -> str:
    """Number of utterances of a corpus, and the paper's where it is another.

    Args:
        corpus: Its name.
        role: `source` or `target`.
        found: What came of one task.
        classes: That the paper tells apart; it counts the utterances of four alone.
    """
    ours = next((outcome.run.utterances[role] for outcome in found.values()), None)
    return _beside(ours, paper.corpus(corpus).utterances if classes == 4 else None)


def _tested(
    found: Outcomes, system: str, tests: Sequence[str], shots: int
) -> tuple[tuple[str, ...], list[Predictions]]:
    """Classes and predictions of a system; a control stands in the run of another."""
    for outcome in found.values():
        predictions = [
            p
            for p in outcome.run.predictions
            if p.condition.system == system
            and p.condition.test in tests
            and p.condition.shots == shots
        ]
        if predictions:
            return outcome.run.classes, predictions
    return (), []


def _result(classes: Sequence[str], predictions: Sequence[Predictions]) -> Result | None:
    return Result.of(predictions[0].condition, predictions, classes) if predictions else None


def _beside(ours: int | None, theirs: int | None) -> str:
    if ours is None:
        return "" if theirs is None else f"paper {theirs}"
    return str(ours) if theirs in (None, ours) else f"{ours} (paper {theirs})"
