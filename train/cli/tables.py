"""The command mdat-tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mdat_data import InputError
from mdat_data.process.failures import clear_failures
from mdat_data.process.output import check_writable
from mdat_train.cli.options import learning_options, numbers, some_of
from mdat_train.config import MODELS, PROTOCOLS, TABLES

if TYPE_CHECKING:
    from mdat_train.tables.plan.grid import Job
    from mdat_train.tables.plan.protocols import Corpus
    from mdat_train.tables.plan.study import Study

PACKAGES = ("keras", "matplotlib", "tensorflow", "joblib", "distributed")
BAR = "{percentage:3.0f} %|{bar}| {n:.0f} of {total} trainings, {remaining} left{postfix}"


@click.command(context_settings={"show_default": True, "max_content_width": 100})
@click.option(
    "--caches",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder of the features files iemocap.h5, emodb.h5, emovo.h5, urdu.h5, or some of them.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder of the report. Finished runs are kept in its folder runs, so the same command "
    "goes on where it was stopped.",
)
@some_of(
    TABLES,
    "--only",
    metavar="TABLE",
    help="Tables of the paper, repeated or separated by commas. Figures 2 and 3 come with V.",
)
@some_of(MODELS, "--models", metavar="MODEL", help="Models, repeated or separated by commas.")
@some_of(
    PROTOCOLS,
    "--protocol",
    "protocols",
    metavar="PROTOCOL",
    help="paper: the paper's classes, random 80/20 within corpora, clips drawn from all speakers. "
    "strict: speakers (or sessions) held out everywhere, boredom is not sad.",
)
@click.option(
    "--shots",
    multiple=True,
    default=("0,5,10,15",),
    callback=numbers,
    help="Clips per class of Table V, repeated or separated by commas.",
)
@learning_options
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, help="Runs at a time; they share the cores."
)
@click.option(
    "--engine",
    default="local",
    metavar="ENGINE",
    help="local, or dask://host:port: a Dask scheduler whose workers see the same files.",
)
def main(caches: Path, out: Path, **options: Any) -> None:
    """Make the paper's tables and figures from features files, ours beside the published.

    Tables II (within a corpus), IV (zero-shot across languages), V (k-shot) and VI (ablations), and
    Figures 2 and 3, under two protocols. What has no features file stays blank.
    """
    interrupted = "interrupted. Finished runs are kept; the same command goes on from here."
    with clear_failures(extra="train,cluster", packages=PACKAGES, interrupted=interrupted):
        _run(caches, out, **options)


def _run(
    caches: Path,
    out: Path,
    only: tuple[str, ...],
    models: tuple[str, ...],
    protocols: tuple[str, ...],
    jobs: int,
    engine: str,
    **learning: Any,
) -> None:
    from mdat_train.tables.formats.report import write_report
    from mdat_train.tables.plan import grid
    from mdat_train.tables.plan.engine import finished, pending

    corpora, absent = _corpora(caches)
    check_writable(out)
    wanted = grid.studies(corpora, tables=only, models=models, protocols=protocols)
    planned = grid.jobs(wanted, corpora, tables=only, folder=out / "runs", **learning)
    missing = pending(planned)
    names, done = ", ".join(corpora), len(planned) - len(missing)
    click.echo(f"{names}: {len(planned)} runs, {done} of them finished")
    failures = _train(planned, missing, at_once=jobs, engine=engine)
    runs = finished([job for job in planned if job.study not in failures])
    write_report(grid.outcomes(runs, corpora), absent, out, only=only)
    click.echo(f"Written to {out}")
    if failures:
        lines = [f"  {study}: {failure}" for study, failure in failures.items()]
        raise InputError("some cells are blank, because:\n" + "\n".join(lines))


def _corpora(caches: Path) -> tuple[dict[str, "Corpus"], list[str]]:
    """The features files that are there, by corpus, and the names of those that are not."""
    from mdat_train.tables.plan.protocols import CORPORA, Corpus

    paths = {name: caches / f"{name}.h5" for name in CORPORA}
    corpora = {name: Corpus.of(path) for name, path in paths.items() if path.exists()}
    if not corpora:
        files = ", ".join(path.name for path in paths.values())
        raise InputError(
            f"{caches} must hold at least one of {files}. Make them with mdat-extract."
        )
    return corpora, [path.name for name, path in paths.items() if name not in corpora]


def _train(
    planned: Sequence["Job"], missing: Sequence["Job"], *, at_once: int, engine: str
) -> dict["Study", str]:
    """Run what is missing, shown by a bar; returns why studies failed."""
    from tqdm import tqdm

    from mdat_train.experiments.experiment import planned_trainings
    from mdat_train.tables.plan.engine import run_jobs

    weights = {job: planned_trainings(job.config) for job in planned}
    failures = {}
    with tqdm(total=sum(weights.values()), bar_format=BAR, disable=None) as bar:
        bar.update(sum(weights[job] for job in planned if job not in missing))
        for job, failure in run_jobs(missing, at_once=at_once, engine=engine):
            bar.update(weights[job])
            if failure:
                failures[job.study] = failure
    return failures
