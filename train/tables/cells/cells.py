"""Makes the cells of one task from its runs."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from mdat_train.classifiers.models import MODELS
from mdat_train.evaluation.change import change_of
from mdat_train.evaluation.comparison import compare
from mdat_train.runs.condition import SUPPORT, TARGET
from mdat_train.runs.labels import model_label
from mdat_train.runs.predictions import Predictions
from mdat_train.runs.run import ConditionMetrics, Run
from mdat_train.tables.cells import published as paper
from mdat_train.tables.cells.published import Published
from mdat_train.tables.cells.table import Cell
from mdat_train.tables.plan.study import Outcome, Outcomes, Study

RIVALS = ("bilstm", "svm")
"""The models that MDAT is tested against, fixed before any result was seen."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        model: Name of a model.
        support_only: It is the control of k-shot, which was trained on the support set only.
    """

    model: str
    support_only: bool = False

    @property
    def label(self) -> str:
        """The printed name."""
        return model_label(self.model, SUPPORT if self.support_only else "")


EVERY_MODEL = tuple(map(Column, MODELS))
"""A column for every model."""


def outcomes_of_task(
    outcomes: Outcomes, protocol: str, source: str, target: str | None
) -> Outcomes:
    """The outcomes of the models on one task.

    Those of `linear` and MDAT are first. Every run has the linear control, so the first run that
    has it should always be the same.
    """
    studies = [
        Study(protocol=protocol, source=source, target=target, model=model)
        for model in dict.fromkeys(("linear", "mdat", *MODELS))
    ]
    return {study: outcomes[study] for study in studies if study in outcomes}


def cells(
    found: Outcomes,
    columns: Sequence[Column],
    *,
    tested_on: Collection[str],
    shots: int,
    printed: Callable[[Column], Published | None],
) -> tuple[Cell, ...]:
    """Make a cell for each column, with MDAT tested against its rivals.

    Args:
        found: The outcomes of one task.
        columns: Of the table.
        tested_on: What the models were tested on, one or more values of `Condition.tested_on`.
        shots: Number of labelled utterances per class of the target.
        printed: Returns the paper's number of a column.
    """
    tested = {column: _tested(found, column, tested_on, shots) for column in columns}
    _, ours = tested[Column("mdat")]
    return tuple(
        _cell(run, predictions, printed(column), ours if column.model in RIVALS else [], column)
        for column, (run, predictions) in tested.items()
    )


def ablated_cell(outcome: Outcome | None, full: Outcome | None, printed: Published | None) -> Cell:
    """Make a cell of MDAT without some of its modules, tested on all of the target.

    Args:
        outcome: The outcome of the ablated model; None where it was not run.
        full: The outcome of the full model; None in its own row, and where it was not run.
        printed: The paper's number.
    """
    if outcome is None:
        return Cell(published=printed)
    [condition] = [c for c in outcome.run.conditions() if c.tested_on == TARGET]
    return Cell(
        result=outcome.run.metrics_of(condition),
        published=printed,
        change=change_of(outcome.run, full.run, condition) if full else None,
    )


def class_count(corpus: str, found: Outcomes) -> str:
    """Number of classes within a corpus, and the paper's where it differs: `4 (paper 7)`."""
    ours = next((len(outcome.run.classes) for outcome in found.values()), None)
    return _with_papers(ours, paper.corpus(corpus).classes)


def utterance_count(corpus: str, role: str, found: Outcomes, *, classes: int = 4) -> str:
    """Number of utterances of a corpus, and the paper's where it differs.

    Args:
        corpus: Its name.
        role: `source` or `target`.
        found: The outcomes of one task.
        classes: Number of classes in the paper; it gives the number of utterances only for four.
    """
    ours = next((outcome.run.utterances[role] for outcome in found.values()), None)
    return _with_papers(ours, paper.corpus(corpus).utterances if classes == 4 else None)


def _cell(
    run: Run | None,
    predictions: Sequence[Predictions],
    printed: Published | None,
    ours: Sequence[Predictions],
    column: Column,
) -> Cell:
    if run is None:
        return Cell(published=printed)
    seed = run.config.resampling_seed
    compared = ours and not column.support_only
    return Cell(
        result=ConditionMetrics.of_predictions(predictions, run.classes, seed=seed),
        published=printed,
        comparison=compare(ours, predictions, seed=seed) if compared else None,
    )


def _tested(
    found: Outcomes, column: Column, tested_on: Collection[str], shots: int
) -> tuple[Run | None, list[Predictions]]:
    """The predictions of a column, and the first run that has them; that of a control is any."""
    for outcome in found.values():
        predictions = [
            p
            for p in outcome.run.predictions
            if p.condition.model == column.model
            and (p.condition.trained_on == SUPPORT) == column.support_only
            and p.condition.tested_on in tested_on
            and p.condition.shots == shots
        ]
        if predictions:
            return outcome.run, predictions
    return None, []


def _with_papers(ours: int | None, theirs: int | None) -> str:
    if ours is None:
        return "" if theirs is None else f"paper {theirs}"
    return str(ours) if theirs in (None, ours) else f"{ours} (paper {theirs})"
