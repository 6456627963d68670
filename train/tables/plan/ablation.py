"""Ablations with the user's own options: the models of Table VI as a list of runs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mdat_train.adaptation import OF_PAPER
from mdat_train.config import ABLATIONS, FULL, TrainConfig
from mdat_train.runs.run import Run
from mdat_train.tables.plan.grid import Job, jobs_of
from mdat_train.tables.plan.study import Study

OWN = "own"
"""The protocol of a study that has the user's own options."""


def ablation_jobs(
    config: TrainConfig, numbers: Iterable[int], *, digests: Sequence[str], folder: Path
) -> list[Job]:
    """List the runs of some ablations, one for each model and seed.

    Args:
        config: The configuration of the full model.
        numbers: Keys of `ABLATIONS`; the full model is always among the runs.
        digests: Of the content of the features files.
        folder: Holds a folder for each run.

    Returns:
        The jobs, in the order of the numbers.
    """
    config = replace(config, adaptation=config.adaptation or OF_PAPER)
    return [
        job
        for number in sorted({FULL, *numbers})
        for job in jobs_of(
            Study(
                protocol=OWN,
                source="+".join(path.stem for path in config.source),
                target=config.target.stem if config.target else None,
                model=config.model,
                disable=ABLATIONS[number],
            ),
            replace(config, disable=ABLATIONS[number]),
            digests,
            folder,
        )
    ]


def by_number(runs: Mapping[Study, Run]) -> dict[int, Run]:
    """Order runs of ablations by the numbers of their models.

    Args:
        runs: The runs of all seeds, by study.

    Returns:
        Key of `ABLATIONS` -> run.
    """
    numbers = {disable: number for number, disable in ABLATIONS.items()}
    return {numbers[study.disable]: run for study, run in runs.items()}
