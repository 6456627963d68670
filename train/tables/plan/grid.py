"""Which studies the tables are made of, and the runs that they take."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import permutations
from pathlib import Path
from typing import Any

from mdat_train.config import ABLATIONS, MODELS, TrainConfig
from mdat_train.runs.run import Run
from mdat_train.tables.plan.protocols import CORPORA, Corpus, config_of, notes_on
from mdat_train.tables.plan.study import Outcome, Outcomes, Study

K_SHOT = ("mdat", "bilstm", "linear", "svm")
"""The models of Table V; the others stand in Tables II and IV only."""

PACKAGES = ("keras", "mdat-keras", "numpy", "scikit-learn", "tensorflow")
"""What numbers depend on, beside the options and the features."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One seed of a study.

    Attributes:
        study: What is trained and tested.
        config: How; its `out` is the folder in which the finished run is kept.
    """

    study: Study
    config: TrainConfig


def studies(
    corpora: Collection[str],
    *,
    tables: Collection[str],
    models: Collection[str],
    protocols: Sequence[str],
) -> list[Study]:
    """What has to be known for some tables, each study once.

    Args:
        corpora: Those there are.
        tables: Those that are made.
        models: Those that are wanted.
        protocols: Those that are wanted.

    Returns:
        The studies in the order of the tables.
    """
    found: dict[Study, None] = {}
    for protocol in protocols:
        for source, target, model, disable in _needed(tables):
            if model in models and source in corpora and (target is None or target in corpora):
                study = Study(
                    protocol=protocol, source=source, target=target, model=model, disable=disable
                )
                found[study] = None
    return list(found)


def _needed(tables: Collection[str]) -> Iterator[tuple[str, str | None, str, tuple[str, ...]]]:
    """Source, target, model and disabled modules of every cell."""
    for model in MODELS:
        if "II" in tables:
            yield from ((corpus, None, model, ()) for corpus in CORPORA)
        if "IV" in tables or ("V" in tables and model in K_SHOT):
            yield from ((*pair, model, ()) for pair in permutations(CORPORA, 2))
    if "VI" in tables:
        for disable in ABLATIONS.values():
            targets = (corpus for corpus in CORPORA if corpus != "iemocap")
            yield from (("iemocap", target, "mdat", disable) for target in targets)


def jobs(
    wanted: Sequence[Study],
    corpora: Mapping[str, Corpus],
    *,
    tables: Collection[str],
    seeds: int,
    shots: tuple[int, ...],
    folder: Path,
    **learning: Any,
) -> list[Job]:
    """The runs that studies take, those of one model side by side.

    Args:
        wanted: The studies.
        corpora: By name.
        tables: The tables that are made: without V nothing is adapted.
        seeds: How many, from 0.
        shots: Clips per class to adapt with.
        folder: In which each run has a folder, named by a digest of all that it depends on.
        learning: The options that the protocols leave open.

    Returns:
        One job for each study and seed.
    """
    libraries = {package: version(package) for package in PACKAGES}
    planned = []
    for study in wanted:
        adapted = study.target and "V" in tables and study.model in K_SHOT and not study.disable
        for seed in range(seeds):
            of_study = shots if adapted else (0,)
            config = config_of(study, corpora, seed=seed, shots=of_study, **learning)
            digests = [corpora[name].digest for name in (study.source, study.target) if name]
            out = folder / _key(config, digests, libraries)
            planned.append(Job(study=study, config=replace(config, out=out)))
    return planned


def _key(config: TrainConfig, digests: Sequence[str], libraries: Mapping[str, str]) -> str:
    """Tells a run by what its numbers depend on: options, content of the files, libraries."""
    options = asdict(config) | dict.fromkeys(("source", "target", "out", "memory"))
    return hashlib.sha256(
        json.dumps([options, digests, libraries], sort_keys=True).encode()
    ).hexdigest()[:24]


def outcomes(finished: Mapping[Job, Run], corpora: Mapping[str, Corpus]) -> Outcomes:
    """The studies of which all runs are there.

    Args:
        finished: The runs of every job.
        corpora: By name.

    Returns:
        What came of each study, its seeds together.
    """
    by_study: dict[Study, list[Run]] = {}
    for job, run in finished.items():
        by_study.setdefault(job.study, []).append(run)
    return {
        study: Outcome(run=_together(runs), notes=notes_on(study, corpora))
        for study, runs in by_study.items()
    }


def _together(runs: Sequence[Run]) -> Run:
    """The runs of several seeds as one."""
    return replace(
        runs[0],
        config=dict(runs[0].config) | {"seeds": len(runs), "out": None},
        trainings=[training for run in runs for training in run.trainings],
        predictions=[predictions for run in runs for predictions in run.predictions],
    )
