"""Progress bars of the commands."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mdat_data.process.printing import say

if TYPE_CHECKING:
    from mdat_train.classifiers.classifier import Epoch, EpochCallback
    from mdat_train.tables.plan.grid import Job
    from mdat_train.tables.plan.study import Study

BAR = "{percentage:3.0f} %|{bar}| {n:.1f} of {total} trainings, {remaining} left{postfix}"


@contextmanager
def shown_trainings(total: int) -> Iterator["TrainingBar"]:
    """Show a bar over the trainings of one run.

    Args:
        total: Number of trainings.

    Yields:
        The `progress` of `run_experiment`.
    """
    from tqdm import tqdm

    with tqdm(total=total, bar_format=BAR, disable=None) as bar:
        yield TrainingBar(bar)


class TrainingBar:
    """Moves a bar over all trainings; every epoch moves it by its share of one training.

    Args:
        bar: A bar of tqdm.
    """

    def __init__(self, bar: Any) -> None:
        self.bar = bar

    @contextmanager
    def __call__(self, name: str) -> Iterator["EpochCallback"]:
        """Show one training."""
        done = round(self.bar.n)

        def show(epoch: "Epoch", epochs: int) -> None:
            ua = f", validation UA {epoch['validation_ua']:.0%}" if "validation_ua" in epoch else ""
            place = f"epoch {epoch['epoch']:.0f} of {epochs}"
            self.bar.set_postfix_str(f"{name}: {place}, loss {epoch['loss']:.3f}{ua}")
            self.bar.update(done + epoch["epoch"] / epochs - self.bar.n)

        yield show
        self.bar.update(done + 1 - self.bar.n)


def run_pending(planned: Sequence["Job"], *, at_once: int, engine: str) -> dict["Study", str]:
    """Run the jobs that are not finished, with a bar over all of them.

    Args:
        planned: All jobs.
        at_once: Number of jobs that run at a time on this machine.
        engine: See `run_jobs`.

    Returns:
        The studies that failed -> the reason.
    """
    from tqdm import tqdm

    from mdat_train.experiments.run_experiment import count_trainings
    from mdat_train.tables.plan.engine import faults, pending, run_jobs

    weights = {job.out: count_trainings(job.config, keep_model=False) for job in planned}
    missing = pending(planned)
    for job, fault in faults(planned).items():
        say(f"{job.study.label}, seed {job.config.first_seed}, is made again: {fault}")
    failures = {}
    total = sum(weights.values())
    with tqdm(total=total, bar_format=BAR, disable=None) as bar:
        bar.update(total - sum(weights[job.out] for job in missing))
        for job, failure in run_jobs(missing, at_once=at_once, engine=engine):
            bar.update(weights[job.out])
            if failure:
                failures[job.out] = failure
    return {job.study: failures[job.out] for job in planned if job.out in failures}
