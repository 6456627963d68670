"""What stands below a table: how it came to be, and what is doubtful about it."""

from collections.abc import Iterable, Iterator, Sequence

from mdat_data.metrics import RESAMPLES
from mdat_train.runs.labels import system_label, task_label
from mdat_train.runs.run import Result
from mdat_train.tables.cells import published as paper
from mdat_train.tables.cells.settings import settings
from mdat_train.tables.cells.table import Table
from mdat_train.tables.plan.study import Outcomes, Study

PROTOCOLS = {
    "paper": "Protocol paper, as far as the paper can be read: its classes (across corpora "
    "EMO-DB's boredom counts as sad), and speakers on both sides of every division.",
    "strict": "Protocol strict: speakers, in IEMOCAP sessions, are on one side of every division. "
    "EMO-DB's sad is sadness alone.",
}
DIVIDED = {
    "paper": "One random division into 80 % and 20 % for each seed, so that speakers stand on both "
    "sides: scores reward recognising the speaker.",
    "strict": "Every utterance is predicted by a model that heard neither its speaker nor, where "
    "sessions are known, its session.",
}
TESTED = {
    "IV": "Tested on all of the target, no labelled clip of which was learned from.",
    "V": "Shots are labelled clips per class of the target, drawn from a pool of as many as the "
    "most shots; every number of shots is tested on the same utterances: under paper those outside "
    "the pool, under strict those of other speakers than the fewest who fill it. Clips alone: the "
    "same system learned from the clips and nothing else.",
    "VI": "Trained on IEMOCAP and tested on all of the target, no labelled clip of which was "
    "learned from.",
}


def notes_on(table: Table, used: Outcomes, missing: Sequence[str]) -> tuple[str, ...]:
    """All notes on a table.

    Args:
        table: With its cells and corrected comparisons.
        used: The outcomes that it is made from.
        missing: Names of the features files that were not found.
    """
    ours = _on_ours(table, used, missing) if table.protocol else iter(())
    theirs = (*paper.notes(table.number), *_doubts(table))
    return (*filter(None, ours), f"Paper: {paper.source()}.", *theirs)


def _on_ours(table: Table, used: Outcomes, missing: Sequence[str]) -> Iterator[str]:
    yield _protocol(table.number, table.protocol or "")
    yield from _blanks(table, missing)
    if used:
        yield (
            "Ours: mean ± standard deviation of the UA over seeds and draws, and in brackets the "
            f"95 % interval of that mean by bootstrap over speakers ({RESAMPLES} resamples). In "
            "round brackets: ours less the paper's, in points."
        )
        yield settings(used)
    yield _transductive(used)
    yield _classes(table.number, used)
    yield _sizes(used) if table.number == "VI" else ""
    yield from _gaps([cell.result for _, _, cell in table.places() if cell.result])
    yield _statistics(table)
    yield _warnings(used)
    yield from _of_outcomes(used)


def _protocol(number: str, protocol: str) -> str:
    tested = DIVIDED[protocol] if number == "II" else TESTED[number]
    return f"{PROTOCOLS[protocol]} {tested}"


def _blanks(table: Table, missing: Sequence[str]) -> Iterator[str]:
    blank = sum(cell.result is None for _, _, cell in table.places())
    if missing and blank:
        yield f"Not found, and so left blank: all of ours that needs {', '.join(missing)}."
    if blank:
        yield f"Without a run of ours: {blank} of {len(table.places())} cells."


def _transductive(used: Outcomes) -> str:
    systems = {s.model: None for s, o in used.items() if o.run.config.get("normalize") == "corpus"}
    if not systems:
        return ""
    return (
        "Transductive: every corpus is brought to one scale by its own statistics, which reads the "
        f"unlabelled target, for {'; '.join(map(system_label, systems))}."
    )


def _classes(number: str, used: Outcomes) -> str:
    """The classes of every corpus of Table II, elsewhere of all pairs."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for study, outcome in used.items():
        found.setdefault(outcome.run.classes, {})[_task(study)] = None
    of_tasks = len(found) > 1 or number == "II"
    said = (
        ", ".join(classes) + (f" ({', '.join(tasks)})" if of_tasks else "")
        for classes, tasks in found.items()
    )
    return f"Classes: {'; '.join(said)}." if found else ""


def _sizes(used: Outcomes) -> str:
    """Utterances of the pairs of Table VI, whose columns have no room for them."""
    found = {
        study.target: f"{_task(study)} {o.run.utterances['source']} (paper "
        f"{paper.corpus(study.source).utterances}) → {o.run.utterances['target']} (paper "
        f"{paper.corpus(study.target).utterances})"
        for study, o in used.items()
        if study.target
    }
    return f"Utterances: {', '.join(found.values())}." if found else ""


def _gaps(results: Sequence[Result]) -> Iterator[str]:
    """What the scores could not take in."""
    if undefined := sorted({c for r in results for s in r.scores for c in s.undefined}):
        yield f"Without a test clip in places, and there not in the UA: {', '.join(undefined)}."
    if redrawn := sum(r.interval.redrawn for r in results if r.interval):
        yield f"{redrawn} resamples of speakers that lacked a class were drawn again."


def _statistics(table: Table) -> str:
    tested = [cell.comparison for _, _, cell in table.places() if cell.comparison]
    if not tested:
        return ""
    fewest, most = (f(c.speakers for c in tested) for f in (min, max))
    smallest = [f(c.smallest_p for c in tested) for f in (min, max)]
    return (
        "MDAT against BiLSTM and against the SVM was fixed before any result was seen. p: "
        f"two-sided sign-flip over speakers ({_range([fewest, most])} of them; the smallest p that "
        f"can come out is {_range([f'{p:.2g}' for p in smallest])}); Holm's correction over the "
        f"{len(tested)} comparisons of this table under this protocol."
    )


def _warnings(used: Outcomes) -> str:
    trainings = [training for outcome in used.values() for training in outcome.run.trainings]
    warned = [training for training in trainings if training.warnings]
    if not warned:
        return ""
    worst = max(warned, key=lambda training: len(training.warnings))
    return (
        f"Warnings at {len(warned)} of {len(trainings)} trainings, such as: "
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
    """What the runs have to say, with the tasks of which they say it."""
    tasks: dict[str, dict[str, None]] = {}
    for study, outcome in used.items():
        for note in outcome.notes:
            tasks.setdefault(note, {})[_task(study)] = None
    for note, of_tasks in tasks.items():
        yield f"{note} ({', '.join(of_tasks)})."


def _task(study: Study) -> str:
    return task_label("->".join(filter(None, (study.source, study.target))))


def _range(ends: Iterable[object]) -> str:
    return " to ".join(dict.fromkeys(map(str, ends)))
