"""The notes below a table: how it was made, and which of its numbers are uncertain."""

from collections.abc import Iterable, Iterator, Sequence

from mdat_data.metrics import NO_INTERVAL, RARE, RESAMPLES
from mdat_train.runs.labels import model_label, task_label
from mdat_train.runs.run import ConditionMetrics
from mdat_train.splits.k_shot import POOL
from mdat_train.tables.cells import published as paper
from mdat_train.tables.cells.settings import settings
from mdat_train.tables.cells.table import Table
from mdat_train.tables.plan.study import Outcomes, Study

PROTOCOLS = {
    "paper": "Protocol paper, as far as the paper describes it: its classes (across corpora "
    "EMO-DB's boredom counts as sad), and speakers on both sides of every split.",
    "strict": "Protocol strict is speaker-independent: no speaker, and in IEMOCAP no session, is "
    "on both sides of a split. EMO-DB's class sad is sadness only.",
}
DIVIDED = {
    "paper": "One random split into 80 % and 20 % for each seed. Speakers are on both sides, so "
    "scores reward recognising the speaker.",
    "strict": "Every utterance is predicted by a model that was trained without its speaker and, "
    "where sessions are known, without its session.",
}
TESTED = {
    "IV": "Tested on all of the target; no labelled utterance of it is used in training.",
    "V": "Shots are labelled utterances per class of the target (the support set). They are drawn "
    "from a pool, which has as many utterances of each class as the largest number of shots (at "
    f"least {POOL}). Every number of shots is tested on the same query set: under paper all "
    "utterances outside the pool; under strict all utterances of the speakers who are not in the "
    "pool, which has as few speakers as possible. "
    "Support only: the same model, trained on the support set without the source.",
    "VI": "Trained on IEMOCAP and tested on all of the target; no labelled utterance of it is "
    "used in training. Changes to model 1 are in points of UA, with their 95 % intervals.",
}
CURVE = (
    "Shots are labelled utterances per class of the target (the support set), of as few speakers "
    f"as fill a pool of {POOL} of each class; the query set is all utterances of other speakers, "
    "the same for every number of shots. Zero-shot: the model of the sources as it is. Support "
    "only: trained on the support set without the sources."
)
TESTED |= {
    "transfer": f"All other features files together are the source. {CURVE}",
    "sources": f"One features file, or all others together, is the source. {CURVE}",
}
PAPERS = " In round brackets: ours minus the paper's, in points."
WITH = {
    "MDAT": "MDAT is compared with BiLSTM and the SVM, as planned before any result was seen.",
    "adapted": "The adapted model is compared with the control of its row whose mean UA is best, "
    "which favours the control.",
}
"""What the comparisons of a table are, by `Table.ours`."""


def table_notes(table: Table, used: Outcomes, missing: Sequence[str]) -> tuple[str, ...]:
    """All notes on a table.

    Args:
        table: The table, with its cells and corrected comparisons.
        used: The outcomes that it is made from.
        missing: Names of the features files that were not found.
    """
    ours = notes_on_ours(table, used, missing) if table.protocol else iter(())
    theirs = (*paper.notes(table.number), *_doubts(table))
    return (*filter(None, ours), f"Paper: {paper.source()}.", *theirs)


def not_found(missing: Sequence[str]) -> str:
    """The sentence about features files that were not found."""
    files = ", ".join(missing)
    return f"Features files not found: {files}. The cells that need them have no result of ours."


def notes_on_ours(table: Table, used: Outcomes, missing: Sequence[str]) -> Iterator[str]:
    """The notes on our results, some of them empty; see `table_notes`."""
    yield _protocol(table.number, table.protocol or "")
    yield from _blanks(table, missing)
    if used:
        yield (
            "Ours: mean ± standard deviation of the UA over seeds and draws. In square brackets: "
            f"95 % interval of that mean by bootstrap over speakers ({RESAMPLES} resamples)."
            f"{PAPERS if any(cell.published for _, _, cell in table.places()) else ''}"
        )
        yield settings(used)
    yield _beside(used)
    yield _transductive(used)
    yield _classes(table.number, used)
    yield _sizes(used) if table.number == "VI" else ""
    yield from _gaps([cell.result for _, _, cell in table.places() if cell.result])
    yield _statistics(table)
    yield _warnings(used)
    yield from _of_outcomes(used)


def _beside(used: Outcomes) -> str:
    configs = [outcome.run.config for outcome in used.values()]
    if not any(config.has_linear for config in configs if config.model != "linear"):
        return ""
    return (
        "MDAT has a linear classifier beside its network, which decides a part of its results: "
        "--set linear=0 leaves it out, and the presets wide and paper have none."
    )


def _protocol(number: str, protocol: str) -> str:
    tested = DIVIDED[protocol] if number == "II" else TESTED[number]
    return f"{PROTOCOLS[protocol]} {tested}"


def _blanks(table: Table, missing: Sequence[str]) -> Iterator[str]:
    blank = sum(cell.result is None for _, _, cell in table.places())
    if missing and blank:
        yield not_found(missing)
    if blank:
        yield f"{blank} of {len(table.places())} cells have no result of ours."


def _transductive(used: Outcomes) -> str:
    models = {s.model: None for s, o in used.items() if o.run.config.transductive}
    if not models:
        return ""
    return (
        "Transductive: every corpus or speaker is standardised by its own statistics, so the "
        f"unlabelled target is used, for {'; '.join(map(model_label, models))}."
    )


def _classes(number: str, used: Outcomes) -> str:
    """The classes: of each corpus in Table II, of all pairs together in other tables."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for study, outcome in used.items():
        found.setdefault(outcome.run.classes, {})[_task(study)] = None
    of_tasks = len(found) > 1 or number == "II"
    parts = (
        ", ".join(classes) + (f" ({', '.join(tasks)})" if of_tasks else "")
        for classes, tasks in found.items()
    )
    return f"Classes: {'; '.join(parts)}." if found else ""


def _sizes(used: Outcomes) -> str:
    """Number of utterances of the pairs of Table VI; other tables have a column for it."""
    found = {
        study.target: f"{_task(study)} {o.run.utterances['source']} (paper "
        f"{paper.corpus(study.source).utterances}) → {o.run.utterances['target']} (paper "
        f"{paper.corpus(study.target).utterances})"
        for study, o in used.items()
        if study.target
    }
    return f"Utterances: {', '.join(found.values())}." if found else ""


def _gaps(results: Sequence[ConditionMetrics]) -> Iterator[str]:
    """Classes without a test utterance, resamples that were drawn again, missing intervals."""
    if undefined := sorted({c for r in results for m in r.per_run for c in m.undefined}):
        classes = ", ".join(undefined)
        yield f"Classes without a test utterance in some cells, and not in their UA: {classes}."
    if redrawn := sum(r.interval.redrawn for r in results if r.interval):
        yield f"{redrawn} resamples of speakers that lacked a class were drawn again."
    if without := sum(r.no_interval == RARE for r in results):
        yield f"In {without} of {len(results)} cells {NO_INTERVAL}."


def _statistics(table: Table) -> str:
    tested = [cell.comparison for _, _, cell in table.places() if cell.comparison]
    if not tested:
        return ""
    fewest, most = (f(c.speakers for c in tested) for f in (min, max))
    smallest = [f(c.smallest_p for c in tested) for f in (min, max)]
    return (
        f"{WITH[table.ours]} p: two-sided sign-flip test over speakers "
        f"({_range([fewest, most])} of them; the smallest "
        f"possible p is {_range([f'{p:.2g}' for p in smallest])}); Holm's correction over the "
        f"{len(tested)} comparisons of this table under this protocol."
    )


def _warnings(used: Outcomes) -> str:
    trainings = [training for outcome in used.values() for training in outcome.run.trainings]
    warned = [training for training in trainings if training.warnings]
    if not warned:
        return ""
    worst = max(warned, key=lambda training: len(training.warnings))
    return (
        f"Warnings in {len(warned)} of {len(trainings)} trainings, such as: "
        f"{'; '.join(worst.warnings)}."
    )


def _doubts(table: Table) -> Iterator[str]:
    for row, column, cell in table.places():
        if cell.published is None or cell.published.uncertain is None:
            continue
        preferred = cell.published.preferred
        instead = "" if preferred is None else f"; ours is compared with {preferred:.2f}"
        yield (
            f"? {row.name}, {column}, {cell.published.value:.2f}: {cell.published.uncertain}"
            f"{instead}."
        )


def _of_outcomes(used: Outcomes) -> Iterator[str]:
    """The notes of the outcomes, with their tasks."""
    tasks: dict[str, dict[str, None]] = {}
    for study, outcome in used.items():
        for note in outcome.notes:
            tasks.setdefault(note, {})[_task(study)] = None
    for note, of_tasks in tasks.items():
        yield f"{note} ({', '.join(of_tasks)})."


def _task(study: Study) -> str:
    return task_label(study.source, study.target)


def _range(ends: Iterable[object]) -> str:
    return " to ".join(dict.fromkeys(map(str, ends)))
