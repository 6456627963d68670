"""The command mdat-tables."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mdat_data import InputError
from mdat_data.process.failures import clear_failures
from mdat_data.process.paths import UsablePath
from mdat_data.process.printing import say
from mdat_train.classifiers.models import MODELS
from mdat_train.cli.options import training_options
from mdat_train.cli.progress import run_pending
from mdat_train.cli.values import numbers, some_of, words_of
from mdat_train.config import PROTOCOLS, TABLES, TRANSFER, TrainConfig

if TYPE_CHECKING:
    from mdat_train.tables.plan.protocols import Corpus
    from mdat_train.tables.plan.study import Study

PACKAGES = ("keras", "matplotlib", "tensorflow", "joblib", "distributed")


@click.command(context_settings={"show_default": True, "max_content_width": 100})
@click.option(
    "--caches",
    type=UsablePath(file_okay=False),
    required=True,
    help="Folder with the features files iemocap.h5, emodb.h5, emovo.h5 and urdu.h5, or some of "
    "them.",
)
@click.option(
    "--out",
    type=UsablePath(file_okay=False),
    required=True,
    help="Folder of the report. Finished runs are kept in its folder runs; the same command "
    "continues where it was stopped.",
)
@click.option(
    "--only",
    multiple=True,
    default=TABLES,
    show_default=",".join(TABLES),
    callback=words_of((*TABLES, TRANSFER)),
    metavar="TABLE",
    help="Tables of the paper, repeated or separated by commas; Figures 2 and 3 come with V. Or "
    "transfer: every features file of the folder, whatever its name, is the target of all others.",
)
@some_of(
    tuple(MODELS), "--models", metavar="MODEL", help="Models, repeated or separated by commas."
)
@some_of(
    PROTOCOLS,
    "--protocol",
    "protocols",
    metavar="PROTOCOL",
    help="paper: the paper's classes, a random 80/20 split within a corpus, and a support set from "
    "all speakers. strict: speaker-independent everywhere, and boredom does not count as sad.",
)
@click.option(
    "--shots",
    multiple=True,
    default=("0,5,10,15",),
    callback=numbers,
    metavar="NUMBER",
    help="Numbers of labelled utterances per class of the target in Table V, repeated or separated "
    "by commas. The table of transfer has 0 and 1 too.",
)
@training_options
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    help="Number of runs at a time; they share the cores.",
)
@click.option(
    "--engine",
    default="local",
    metavar="ENGINE",
    help="Where the runs are computed: local, or dask://host:port, a Dask scheduler whose workers "
    "can read and write the same files.",
)
@click.version_option(package_name="mdat-keras")
def main(
    caches: Path,
    out: Path,
    only: tuple[str, ...],
    models: tuple[str, ...],
    protocols: tuple[str, ...],
    jobs: int,
    engine: str,
    **options: Any,
) -> None:
    """Make the paper's tables and figures: results on your features files, next to the paper's.

    Tables II (within a corpus), IV (zero-shot across languages), V (k-shot) and VI (ablations), and
    Figures 2 and 3, under two protocols. Cells that need a missing features file are blank.
    With --only transfer: what other languages are worth to each language that has a features file.
    """
    interrupted = "interrupted. Finished runs are kept; the same command continues."
    with clear_failures(extra="train,cluster", packages=PACKAGES, interrupted=interrupted):
        template = TrainConfig(source=(), **options)
        report = _Report(caches=caches, out=out, only=only, models=models, protocols=protocols)
        _run(report, template, at_once=jobs, engine=engine)


@dataclass(frozen=True, kw_only=True)
class _Report:
    """What the report holds, and where it goes."""

    caches: Path
    out: Path
    only: tuple[str, ...]
    models: tuple[str, ...]
    protocols: tuple[str, ...]


def _run(report: _Report, template: TrainConfig, *, at_once: int, engine: str) -> None:
    from mdat_train.runs.claim import claimed_report

    of_paper = {*report.only} - {TRANSFER}
    corpora, absent = _corpora(report.caches) if of_paper else ({}, [])
    with claimed_report(report.out):
        failures = _fill(report, template, corpora, absent, at_once=at_once, engine=engine)
    say(f"Written to {report.out}")
    if failures:
        lines = [f"  {study.label}: {failure}" for study, failure in failures.items()]
        raise InputError("some cells are blank, because:\n" + "\n".join(lines))


def _fill(
    report: _Report,
    template: TrainConfig,
    corpora: dict[str, "Corpus"],
    absent: list[str],
    *,
    at_once: int,
    engine: str,
) -> dict["Study", str]:
    """Run what is missing and write the report; returns the studies that failed and why."""
    from mdat_train.runs.claim import RUNS
    from mdat_train.tables.formats.report import write_report
    from mdat_train.tables.plan import grid
    from mdat_train.tables.plan.engine import finished, pending
    from mdat_train.tables.plan.transfer import every_corpus, transfer_jobs, transfer_outcomes

    wanted = grid.studies(
        corpora, tables=report.only, models=report.models, protocols=report.protocols
    )
    folder = report.out / RUNS
    planned = grid.jobs(wanted, corpora, tables=report.only, template=template, folder=folder)
    names = {*corpora}
    if TRANSFER in report.only:
        every = every_corpus(report.caches)
        planned += transfer_jobs(every, models=report.models, template=template, folder=folder)
        names |= {*every}
    runs = len({job.out for job in planned})
    done = runs - len(pending(planned))
    say(f"{', '.join(sorted(names))}: {runs} runs, {done} of them finished")
    failures = run_pending(planned, at_once=at_once, engine=engine)
    kept = finished([job for job in planned if job.study not in failures])
    of_transfer = {job: run for job, run in kept.items() if job.study.adaptation}
    of_paper = {job: run for job, run in kept.items() if job not in of_transfer}
    made = {**grid.outcomes(of_paper, corpora), **transfer_outcomes(of_transfer)}
    write_report(
        made, absent, report.out, only=report.only, warn=lambda text: say(f"warning: {text}")
    )
    return failures


def _corpora(caches: Path) -> tuple[dict[str, "Corpus"], list[str]]:
    """Corpus -> its features file, and the names of the files that are missing."""
    from mdat_train.tables.plan.protocols import CORPORA, Corpus

    paths = {name: caches / f"{name}.h5" for name in CORPORA}
    corpora = {name: Corpus.of(path) for name, path in paths.items() if path.exists()}
    if not corpora:
        files = ", ".join(path.name for path in paths.values())
        raise InputError(
            f"{caches} must have at least one of {files}; got none. Make one with mdat-extract."
        )
    return corpora, [path.name for name, path in paths.items() if name not in corpora]
