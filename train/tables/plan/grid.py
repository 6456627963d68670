"""Which studies the tables need, and the runs of each."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from itertools import permutations
from pathlib import Path

from mdat_train.classifiers import backend
from mdat_train.classifiers.models import MODELS
from mdat_train.config import ABLATIONS, ADDED, TrainConfig
from mdat_train.runs.predictions import PredictionTable
from mdat_train.runs.run import Run
from mdat_train.tables.plan.protocols import CORPORA, Corpus, config_of, notes_on
from mdat_train.tables.plan.study import Outcome, Outcomes, Study

PACKAGES = ("keras", "mdat-keras", "numpy", "scikit-learn")
"""The packages that results depend on, besides Keras' backend."""

WITHOUT_EFFECT = ("source", "target", "memory", "resampling_seed")
"""Options that do not change the predictions of a run; of the features files only the content does,
and intervals are computed from the predictions."""

IN_KEYS = {"base": "narrow with linear", "wide": "base"}
"""MDAT's presets by their names in keys: `wide` was the base before, and its runs are found."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One seed of a study.

    Attributes:
        study: What is trained and tested.
        config: Its configuration, with a single seed.
        out: The folder that keeps the finished run.
        digests: Of the content of its features files.
    """

    study: Study
    config: TrainConfig
    out: Path
    digests: tuple[str, ...] = ()


def studies(
    corpora: Collection[str],
    *,
    tables: Collection[str],
    models: Collection[str],
    protocols: Sequence[str],
) -> list[Study]:
    """List the studies that some tables need, each once.

    Args:
        corpora: The corpora that have a features file.
        tables: The tables to make.
        models: The models to include.
        protocols: The protocols to include.

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
        if "IV" in tables or ("V" in tables and MODELS[model].in_k_shot_tables):
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
    template: TrainConfig,
    folder: Path,
) -> list[Job]:
    """List the runs of some studies, those of one model next to each other.

    Args:
        wanted: The studies.
        corpora: By name.
        tables: The tables to make; only Table V adapts models.
        template: The options that the protocols leave open, with the number of seeds.
        folder: Holds a folder for each run.

    Returns:
        One job for each study and seed.
    """
    planned = []
    for study in wanted:
        adapted = study.target and "V" in tables and MODELS[study.model].in_k_shot_tables
        shots = template.shots if adapted and not study.disable else (0,)
        config = config_of(study, corpora, template=replace(template, shots=shots))
        digests = [corpora[name].digest for name in (study.source, study.target) if name]
        planned += jobs_of(study, config, digests, folder)
    return planned


def jobs_of(study: Study, config: TrainConfig, digests: Sequence[str], folder: Path) -> list[Job]:
    """List the runs of one study, one for each seed.

    Args:
        study: What is trained and tested.
        config: Its configuration, with all seeds.
        digests: Of the content of its features files.
        folder: Holds a folder for each run. Its name is a digest of everything that the run depends
            on: options, features and versions of the libraries. So the same run is found again,
            whichever command made it.

    Returns:
        One job for each seed.
    """
    planned = []
    rate = config.learning_rate or MODELS[config.model].rate_of(config.preset)
    for seed in config.all_seeds:
        of_seed = replace(config, seeds=1, first_seed=seed, learning_rate=rate, out=None)
        out = folder / _key(of_seed, digests)
        planned.append(Job(study=study, config=of_seed, out=out, digests=tuple(digests)))
    return planned


def _key(config: TrainConfig, digests: Sequence[str]) -> str:
    """A digest of everything that the predictions of a run depend on."""
    options = asdict(config) | dict.fromkeys(WITHOUT_EFFECT)
    for name, value in ADDED.items():
        if options[name] == value:
            del options[name]
    if config.model == "mdat":
        options["preset"] = IN_KEYS.get(config.preset, config.preset)
    if config.target and not any(config.shots):
        options["split"] = None  # nothing is divided, so that both protocols share the run
    return hashlib.sha256(
        json.dumps([options, digests, libraries()], sort_keys=True).encode()
    ).hexdigest()[:24]


@cache
def libraries() -> dict[str, str]:
    """The versions of the packages that results depend on."""
    return {package: version(package) for package in (*PACKAGES, backend.name())}


def outcomes(finished: Mapping[Job, Run], corpora: Mapping[str, Corpus]) -> Outcomes:
    """Gather the runs of each study.

    Args:
        finished: The runs of the jobs.
        corpora: By name.

    Returns:
        The outcome of each study, its seeds together.
    """
    return {
        study: Outcome(run=run, notes=notes_on(study, corpora))
        for study, run in by_study(finished).items()
    }


def by_study(finished: Mapping[Job, Run]) -> dict[Study, Run]:
    """Join the runs of the seeds of each study into one run."""
    runs: dict[Study, list[Run]] = {}
    for job, run in finished.items():
        runs.setdefault(job.study, []).append(run)
    return {study: _together(of_study) for study, of_study in runs.items()}


def _together(runs: Sequence[Run]) -> Run:
    return replace(
        runs[0],
        config=replace(runs[0].config, seeds=len(runs)),
        trainings=[training for run in runs for training in run.trainings],
        choices={name: choice for run in runs for name, choice in run.choices.items()},
        predictions=PredictionTable(
            runs[0].classes, tuple(p for run in runs for p in run.predictions)
        ),
    )
