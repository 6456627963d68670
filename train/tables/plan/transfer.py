"""The runs of the table of transfer: every features file in turn is the target of all others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mdat_data import InputError
from mdat_train.adaptation import DEFAULT, OF_PAPER
from mdat_train.config import TrainConfig
from mdat_train.runs.run import Run
from mdat_train.tables.plan.grid import Job, by_study, jobs_of
from mdat_train.tables.plan.protocols import EXCITED, FOUR, IEMOCAP_PER_CLASS, Corpus
from mdat_train.tables.plan.study import Outcome, Outcomes, Study

STRICT = "strict"
ALL = "all others"
"""The source of a study that has all files but that of the target."""

ALWAYS = (0, 1)
"""Numbers of shots that the curves have beside those of the user."""

AT_LEAST = 2
"""Number of classes that a file must have."""


@dataclass(frozen=True, kw_only=True)
class _Task:
    """A target with its sources, and the classes that the target and some source have."""

    source: str
    sources: tuple[str, ...]
    target: str
    classes: tuple[str, ...]


def every_corpus(folder: Path) -> dict[str, Corpus]:
    """All features files of a folder, whatever their names are.

    Args:
        folder: The folder.

    Returns:
        The name of a file without its ending -> the file.

    Raises:
        InputError: There are fewer than two files, or one is no features file.
    """
    corpora = {path.stem: Corpus.of(path) for path in sorted(folder.glob("*.h5"))}
    if len(corpora) < AT_LEAST:
        raise InputError(
            f"{folder} must have at least two features files, a source and a target; got "
            f"{', '.join(corpora) or 'none'}. Make more with mdat-extract."
        )
    return corpora


def transfer_jobs(
    corpora: Mapping[str, Corpus], *, models: Sequence[str], template: TrainConfig, folder: Path
) -> list[Job]:
    """List the runs of the table, one for each seed of each study.

    Args:
        corpora: All files, by name.
        models: The models to include. The map of every source against every target is of the
            linear one, or of the first.
        template: The options that the protocol leaves open.
        folder: Holds a folder for each run.

    Returns:
        The jobs, those of one model next to each other.
    """
    method = template.adaptation or DEFAULT
    shots = tuple(sorted({*ALWAYS, *template.numbers_of_shots}))
    planned = []
    for model in models:
        studies = [(task, name) for task in _tasks(corpora) for name in {method: 0, OF_PAPER: 0}]
        for task, adaptation in studies:
            config = _config(task, corpora, template, adaptation)
            planned += _jobs(task, replace(config, model=model, shots=shots), corpora, folder)
    for task in _single_sources(corpora):
        config = _config(task, corpora, template, method)
        config = replace(config, model=mapped(models), shots=(0, shots[-1]))
        planned += _jobs(task, config, corpora, folder)
    return planned


def mapped(models: Sequence[str]) -> str:
    """The model of the map of sources and targets."""
    return "linear" if "linear" in models else models[0]


def transfer_outcomes(finished: Mapping[Job, Run]) -> Outcomes:
    """Gather the runs of each study, its seeds together."""
    return {study: Outcome(run=run) for study, run in by_study(finished).items()}


def _tasks(corpora: Mapping[str, Corpus]) -> Iterator[_Task]:
    """Every target with all others that have two of its classes."""
    for target in corpora:
        own = _classes(corpora[target])
        sources = [
            name
            for name in corpora
            if name != target and len([c for c in own if c in _classes(corpora[name])]) >= AT_LEAST
        ]
        known = {c for name in sources for c in _classes(corpora[name])}
        classes = tuple(c for c in own if c in known)
        if sources:
            yield _Task(source=ALL, sources=tuple(sources), target=target, classes=classes)


def _single_sources(corpora: Mapping[str, Corpus]) -> Iterator[_Task]:
    """Every pair whose source has all classes of the target's row."""
    for task in _tasks(corpora):
        for name in task.sources:
            if {*task.classes} <= {*_classes(corpora[name])}:
                yield replace(task, source=name, sources=(name,))


def _classes(corpus: Corpus) -> tuple[str, ...]:
    merged = dict([EXCITED])
    emotions = {merged.get(emotion, emotion) for emotion in corpus.emotions}
    return tuple(emotion for emotion in FOUR if emotion in emotions)


def _config(
    task: _Task, corpora: Mapping[str, Corpus], template: TrainConfig, adaptation: str
) -> TrainConfig:
    """The strict protocol; every method has the same scales, so that methods alone differ."""
    files = [corpora[name] for name in (*task.sources, task.target)]
    excited = any(EXCITED[0] in file.emotions for file in files)
    return replace(
        template,
        source=tuple(file.path for file in files[:-1]),
        target=files[-1].path,
        adaptation=adaptation,
        normalize=template.normalize or ("none" if template.preset == "paper" else "corpus"),
        classes=task.classes,
        merge=(EXCITED,) if excited else (),
        at_most=IEMOCAP_PER_CLASS,
        split="group",
    )


def _jobs(
    task: _Task, config: TrainConfig, corpora: Mapping[str, Corpus], folder: Path
) -> list[Job]:
    study = Study(
        protocol=STRICT,
        source=task.source,
        target=task.target,
        model=config.model,
        adaptation=str(config.adaptation),
    )
    digests = [corpora[name].digest for name in (*task.sources, task.target)]
    return jobs_of(study, config, digests, folder)
