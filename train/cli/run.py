"""What mdat-train does with its options: one run, ablations, or the export of a finished run."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from mdat_data import InputError
from mdat_data.process.failures import Failure
from mdat_data.process.printing import say
from mdat_train.classifiers import backend
from mdat_train.classifiers.models import MODELS
from mdat_train.cli.progress import run_pending, shown_trainings
from mdat_train.config import ABLATIONS, TrainConfig

if TYPE_CHECKING:
    from mdat_train.inputs.loading import TrainingData

LONGEST_DEFAULT = 100
"""Characters of the longest default name of a run's folder."""


def export_again(folder: Path) -> None:
    """Write `model.onnx` of a finished run.

    Args:
        folder: Of the run.

    Raises:
        InputError: Another option was given beside `--export`.
        Failure: The model cannot be exported.
    """
    from mdat_train.export.export_run import ExportError, export_run

    context = click.get_current_context()
    sources = map(context.get_parameter_source, context.params)
    if sum(source is ParameterSource.COMMANDLINE for source in sources) > 1:
        raise InputError(
            "--export writes model.onnx of a finished run and trains nothing: leave the other "
            "options out."
        )
    try:
        written = export_run(folder)
    except ExportError as error:
        raise Failure(f"model.onnx was not written: {error}", exit_code=1) from error
    say(f"Written to {written}")


def _default_folder(config: TrainConfig) -> Path:
    """The names of the files and of the model; of many files the first and their number."""
    first, *others = [*config.source, *([config.target] if config.target else [])]
    names = [first.stem, *(path.stem for path in others), config.model]
    if len(name := "-".join(names)) > LONGEST_DEFAULT:
        name = f"{first.stem[:LONGEST_DEFAULT]}-and-{len(others)}-more-{config.model}"
    return Path("runs", name)


def run_once(config: TrainConfig, *, export: bool, by: str | None, manifest: Path | None) -> None:
    """Train and test, print the scores, and write the folder of the run.

    Args:
        config: As the user gave it.
        export: Write `model.onnx` too.
        by: What else the scores are compared by; None takes what the features file has.
        manifest: Table that has it.

    Raises:
        InputError: A file or an option cannot be used.
        Failure: `model.onnx` could not be written; all else is.
    """
    if MODELS[config.model].can_be_saved:
        backend.find(export=export)  # a missing package is found before the training
    from mdat_train.experiments.run_experiment import count_trainings, run_experiment
    from mdat_train.inputs.facts import facts_of
    from mdat_train.runs.claim import claimed, claimed_next
    from mdat_train.runs.folder import save_run

    claim = claimed(config.out) if config.out else claimed_next(_default_folder(config))
    with claim as out:
        data = _loaded(config)
        facts = facts_of((data.target or data.source).utterances, by=by, manifest=manifest)
        with shown_trainings(count_trainings(config)) as progress:
            run = run_experiment(data, progress)
        run = replace(run, predictions=run.predictions.with_facts(facts))
        say(run.summary())  # before anything is written: a full disk costs no score
        saved = save_run(run, out, export=export)
    for warning in saved.warnings:
        say(f"warning: {warning}")
    if run.model is None:
        say(f"{config.model} cannot be saved as a Keras model: there is no model.keras")
    say(f"Written to {saved.folder}")
    if saved.failure:
        raise Failure(saved.failure, exit_code=1)


def run_ablations(config: TrainConfig, chosen: tuple[str, ...]) -> None:
    """Run some of the models of Table VI, and compare each with the full one.

    Args:
        config: Of the full model, as the user gave it.
        chosen: `all`, or keys of `ABLATIONS` as text.

    Raises:
        InputError: The model is another one, or a run failed.
    """
    if config.model != "mdat" or config.disable:
        raise InputError(
            "--ablation runs mdat without some modules: leave --model and --disable out."
        )
    from mdat_train.runs.claim import claimed_next, claimed_report

    first = config.out or _default_folder(config)
    with claimed_report(first) if config.out else claimed_next(first, claimed_report) as out:
        _ablate(config, ABLATIONS if "all" in chosen else map(int, chosen), out)


def _ablate(config: TrainConfig, numbers: Iterable[int], out: Path) -> None:
    from mdat_data.process.output import whole_file
    from mdat_train.runs.claim import RUNS
    from mdat_train.tables.formats.ablation import ablation_table
    from mdat_train.tables.plan.ablation import ablation_jobs, by_number
    from mdat_train.tables.plan.engine import LOCAL, finished
    from mdat_train.tables.plan.grid import by_study

    say(f"finished runs are kept in {out / RUNS}")
    digests = [of_file["digest"] for of_file in _loaded(config).provenance.values()]
    planned = ablation_jobs(config, numbers, digests=digests, folder=out / RUNS)
    for failure in run_pending(planned, at_once=1, engine=LOCAL).values():
        raise InputError(failure)
    table = ablation_table(by_number(by_study(finished(planned))))
    say(table)
    with whole_file(out / "ablation.md") as file:
        file.write(f"{table}\n".encode())
    say(f"Written to {out / 'ablation.md'}")


def _loaded(config: TrainConfig) -> "TrainingData":
    """Load the features files, and print a summary of them."""
    from mdat_train.inputs.loading import load
    from mdat_train.runs.summary import data_summary

    data = load(config)
    say(data_summary(data))
    return data
