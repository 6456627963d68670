"""The table of transfer, and the map of every source against every target."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from mdat_data.metrics import compute_metrics
from mdat_train.adaptation import OF_PAPER
from mdat_train.config import TRANSFER
from mdat_train.evaluation.comparison import compare
from mdat_train.evaluation.pooled import pooled
from mdat_train.runs.condition import ADAPTED, QUERY, SOURCE, SUPPORT
from mdat_train.runs.labels import model_label, task_label
from mdat_train.runs.predictions import Predictions
from mdat_train.runs.run import ConditionMetrics
from mdat_train.tables.cells.notes import notes_on_ours
from mdat_train.tables.cells.table import Cell, Row, Table, corrected
from mdat_train.tables.plan.study import Outcome, Outcomes, Study
from mdat_train.tables.plan.transfer import ALL, STRICT

SOURCES = "sources"
"""The name of the second table."""

ZERO_SHOT, ALONE, LINEAR_ALONE = "zero-shot", "support only", "linear, support only"
CONTROLS = (ZERO_SHOT, ALONE, LINEAR_ALONE)
WORSE = 0.01
"""A target that loses more than this is named."""

Found = Mapping[str, Sequence[Predictions]]
"""Column -> its predictions, of one target, model and number of shots."""


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A row of the table before its cells are computed."""

    target: str
    model: str
    shots: int
    outcome: Outcome
    found: Found

    @cached_property
    def better(self) -> str:
        """The control with the best mean UA."""
        classes = self.outcome.run.classes
        return max(
            (name for name in CONTROLS if self.found.get(name)),
            key=lambda name: np.mean(
                [compute_metrics(p.truth, p.predicted, classes).ua for p in self.found[name]]
            ),
        )


def transfer_tables(outcomes: Outcomes) -> tuple[Table, ...]:
    """Make both tables.

    Args:
        outcomes: The outcomes of the studies that were run.

    Returns:
        The table of all models with all others as the source, and the map of single sources.
    """
    return _of_models(outcomes), _of_sources(outcomes)


def _of_models(outcomes: Outcomes) -> Table:
    used = {study: outcome for study, outcome in outcomes.items() if study.source == ALL}
    places = list(_places(used))
    method = next((s.adaptation for s in used if s.adaptation != OF_PAPER), OF_PAPER)
    columns = tuple(dict.fromkeys((*CONTROLS, OF_PAPER, method)))
    table = Table(
        number=TRANSFER,
        title="All other files are the source of each target",
        protocol=STRICT,
        transductive=any(o.run.config.transductive for o in used.values()),
        head=("target", "model", "shots", "utterances"),
        columns=columns,
        rows=corrected([_row(place, columns, method) for place in places]),
        notes=(),
        ours="adapted",
    )
    notes = (*notes_on_ours(table, used, ()), *_pooled(places, method), *_weak(places, method))
    return replace(table, notes=tuple(filter(None, notes)))


def _places(used: Outcomes) -> Iterator[_Place]:
    """Every target, model and number of shots."""
    methods: dict[tuple[str, str], dict[str, Outcome]] = {}
    for study, outcome in used.items():
        methods.setdefault((str(study.target), study.model), {})[study.adaptation] = outcome
    for (target, model), of_methods in sorted(methods.items()):
        first = next(iter(of_methods.values()))
        for shots in sorted({p.condition.shots for p in first.run.predictions}):
            found: dict[str, Sequence[Predictions]] = _controls(first, model, shots)
            if shots:
                adapted = {
                    name: _on_query(o, model, ADAPTED, shots) for name, o in of_methods.items()
                }
                found |= adapted
            yield _Place(target=target, model=model, shots=shots, outcome=first, found=found)


def _controls(outcome: Outcome, model: str, shots: int) -> dict[str, Sequence[Predictions]]:
    found: dict[str, Sequence[Predictions]] = {ZERO_SHOT: _on_query(outcome, model, SOURCE, 0)}
    if shots:
        found[ALONE] = _on_query(outcome, model, SUPPORT, shots)
        found[LINEAR_ALONE] = _on_query(outcome, "linear", SUPPORT, shots)
    return found


def _on_query(outcome: Outcome, model: str, trained_on: str, shots: int) -> list[Predictions]:
    return [
        p
        for p in outcome.run.predictions
        if (p.condition.model, p.condition.trained_on) == (model, trained_on)
        and (p.condition.tested_on, p.condition.shots) == (QUERY, shots)
    ]


def _row(place: _Place, columns: Sequence[str], method: str) -> Row:
    run, seed = place.outcome.run, place.outcome.run.config.resampling_seed
    cells = []
    for column in columns:
        predictions = place.found.get(column, ())
        if not predictions:
            cells.append(Cell())
            continue
        compared = bool(place.found.get(method)) and column == place.better
        cells.append(
            Cell(
                result=ConditionMetrics.of_predictions(predictions, run.classes, seed=seed),
                comparison=compare(place.found[method], predictions, seed=seed)
                if compared
                else None,
            )
        )
    sizes = f"{run.utterances['source']} → {run.utterances['target']}"
    head = (task_label(place.target), model_label(place.model), str(place.shots), sizes)
    name = f"{head[0]}, {head[1]}, {place.shots} shots"
    return Row(name=name, head=head, cells=tuple(cells))


def _pooled(places: Sequence[_Place], method: str) -> Iterator[str]:
    """Differences over all targets, for each model and number of shots."""
    groups: dict[tuple[str, int], list[_Place]] = {}
    for place in places:
        if place.found.get(method):
            groups.setdefault((place.model, place.shots), []).append(place)
    for (model, shots), of_group in groups.items():
        seed = of_group[0].outcome.run.config.resampling_seed
        told = []
        for name, controls in (
            ("zero-shot", [ZERO_SHOT] * len(of_group)),
            ("support only", [ALONE] * len(of_group)),
            ("the better control", [place.better for place in of_group]),
        ):
            pairs = [
                (place.found[method], place.found[control])
                for place, control in zip(of_group, controls, strict=True)
            ]
            of = pooled(pairs, seed=seed)
            told.append(
                f"{name} {100 * of.difference:+.1f} [{100 * of.low:+.1f}, {100 * of.high:+.1f}], "
                f"p {of.p:.2g}"
            )
        yield (
            f"{model_label(model)}, {shots} shots, {method} over {len(of_group)} targets against "
            f"{'; '.join(told)}."
        )


def _weak(places: Sequence[_Place], method: str) -> Iterator[str]:
    """Targets on which the method is behind the better control."""
    for place in places:
        if not place.found.get(method):
            continue
        seed = place.outcome.run.config.resampling_seed
        of = compare(place.found[method], place.found[place.better], seed=seed)
        if of.difference < -WORSE:
            yield (
                f"{task_label(place.target)}, {model_label(place.model)}, {place.shots} shots: "
                f"{method} is {-100 * of.difference:.1f} points behind {place.better}."
            )


def _of_sources(outcomes: Outcomes) -> Table:
    """A row for each source and number of shots, a column for each target."""
    single = {study for study in outcomes if study.source != ALL}
    kinds = {(study.model, study.adaptation) for study in single}
    used = {s: o for s, o in outcomes.items() if (s.model, s.adaptation) in kinds}
    targets = sorted({str(study.target) for study in used})
    most = max((p.condition.shots for o in used.values() for p in o.run.predictions), default=0)
    rows = []
    for source in (*sorted({s.source for s in single}), ALL):
        of_source = {str(s.target): (s, o) for s, o in used.items() if s.source == source}
        for shots in (0, most):
            cells = tuple(_mapped(of_source.get(target), shots) for target in targets)
            head = (task_label(source), str(shots))
            rows.append(Row(name=f"{head[0]}, {shots} shots", head=head, cells=cells))
    table = Table(
        number=SOURCES,
        title=f"Every source against every target, {', '.join(sorted({m for m, _ in kinds}))}",
        protocol=STRICT,
        transductive=any(o.run.config.transductive for o in used.values()),
        head=("source", "shots"),
        columns=tuple(map(task_label, targets)),
        rows=tuple(rows),
        notes=(),
    )
    return replace(table, notes=tuple(filter(None, notes_on_ours(table, used, ()))))


def _mapped(found: tuple[Study, Outcome] | None, shots: int) -> Cell:
    if found is None:
        return Cell()
    study, outcome = found
    predictions = _on_query(outcome, study.model, ADAPTED if shots else SOURCE, shots)
    if not predictions:
        return Cell()
    seed = outcome.run.config.resampling_seed
    return Cell(result=ConditionMetrics.of_predictions(predictions, outcome.run.classes, seed=seed))
