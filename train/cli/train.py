"""The command mdat-train."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mdat_data import InputError
from mdat_data.process.failures import clear_failures
from mdat_train.classifiers.models import MODELS
from mdat_train.cli.options import DEFAULT, numbers, pairs, paths, training_options, words, words_of
from mdat_train.cli.progress import run_pending, shown_trainings
from mdat_train.config import ABLATIONS, DISABLE, SPLITS, TrainConfig, check_choices

if TYPE_CHECKING:
    from mdat_train.inputs.loading import TrainingData

PACKAGES = ("keras", "matplotlib", "tensorflow")


@click.command(context_settings={"show_default": True, "max_content_width": 100})
@click.option(
    "--source",
    multiple=True,
    required=True,
    callback=paths,
    metavar="FILE.h5",
    help="Features file to train on; may be repeated or separated by commas.",
)
@click.option(
    "--target",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.h5",
    help="Features file to test on and to adapt to. Without it the source is tested within itself.",
)
@click.option(
    "--shots",
    multiple=True,
    default=("0",),
    callback=numbers,
    help="Number of labelled utterances per class of the target to adapt with; several numbers, "
    "repeated or separated by commas, make a curve. 0 shots are always tested too.",
)
@click.option(
    "--model",
    type=click.Choice(tuple(MODELS)),
    default=DEFAULT.model,
    help=f"{'; '.join(f'{model.name}: {model.about}' for model in MODELS.values())}.",
)
@click.option(
    "--disable",
    multiple=True,
    callback=words_of(DISABLE),
    metavar="MODULE",
    help=f"Switch off a module of mdat: {', '.join(DISABLE)}; several, repeated or separated by "
    "commas.",
)
@click.option(
    "--ablation",
    multiple=True,
    callback=words_of(("all", *map(str, ABLATIONS))),
    metavar="NUMBER",
    help="all, or numbers of the seven models of the paper's Table VI, each mdat without some "
    "modules. Each is compared with model 1, which has all modules.",
)
@click.option(
    "--classes",
    multiple=True,
    default=(",".join(DEFAULT.classes),),
    callback=words,
    help="Emotions, repeated or separated by commas; all takes those that every file has.",
)
@click.option(
    "--merge",
    multiple=True,
    callback=pairs,
    metavar="boredom=sad",
    help="Count one emotion as another; may be repeated.",
)
@click.option(
    "--at-most",
    type=click.IntRange(min=1),
    metavar="N",
    help="Use at most N utterances of each emotion of a file, drawn at random.",
)
@click.option(
    "--at-most-seed",
    type=click.IntRange(min=0),
    default=DEFAULT.at_most_seed,
    help="Seed of the draw of --at-most; it is the same for all seeds of a run.",
)
@click.option(
    "--split",
    type=click.Choice(SPLITS),
    default=DEFAULT.split,
    help="group is speaker-independent: it keeps speakers (or sessions) apart, in folds within a "
    "corpus and in support and query. random does not, and its scores reward recognising the "
    "speaker. 80-20 is a single random split within a corpus.",
)
@click.option(
    "--first-seed",
    type=click.IntRange(min=0),
    default=DEFAULT.first_seed,
    help="The first seed; the others follow it. So the seeds of one experiment can run on several "
    "machines.",
)
@training_options
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    show_default="runs/<files>-<model>, numbered",
    help="Folder of the run, which must not exist; with --ablation finished models are kept in it.",
)
@click.version_option(package_name="mdat-keras")
def main(ablation: tuple[str, ...], **options: Any) -> None:
    """Train an emotion classifier on features files and test it.

    Without --target: cross-validation within the source. Every utterance is predicted by a model
    that was not trained on its fold. With --target: trained on the source, tested on the target,
    and adapted with a few labelled utterances of it.

    UA (unweighted accuracy) is the mean recall over the classes, WA (weighted accuracy) the share
    of utterances that are predicted correctly. Mean and standard deviation are over seeds and
    draws. The interval is the 95 % interval of the mean UA by bootstrap over speakers.
    """
    config = TrainConfig(**options)
    config = replace(config, out=config.out or _unused_folder(config))
    interrupted = "interrupted. Nothing was written; the same command starts again."
    if ablation:
        interrupted = f"interrupted. Finished models are kept; --out {config.out} continues."
    with clear_failures(extra="train", packages=PACKAGES, interrupted=interrupted):
        check_choices(config)
        if ablation:
            _run_ablations(config, ablation)
        else:
            _run(config)


def _unused_folder(config: TrainConfig) -> Path:
    files = [path.stem for path in (*config.source, *([config.target] if config.target else []))]
    folder = Path("runs", "-".join([*files, config.model]))
    name, number = folder.name, 1
    while folder.exists():
        number += 1
        folder = folder.with_name(f"{name}-{number}")
    return folder


def _run(config: TrainConfig) -> None:
    from mdat_train.experiments.run_experiment import check_unused, count_trainings, run_experiment

    out = config.out or _unused_folder(config)
    check_unused(out)
    data = _loaded(config)
    with shown_trainings(count_trainings(config)) as progress:
        run = run_experiment(data, progress)
    run.save(out)
    click.echo(run.summary())
    click.echo(f"Written to {out}")


def _run_ablations(config: TrainConfig, chosen: tuple[str, ...]) -> None:
    if config.model != "mdat" or config.disable:
        raise InputError(
            "--ablation runs mdat without some modules: leave --model and --disable out."
        )
    from mdat_data.process.output import check_writable, whole_file
    from mdat_train.tables.formats.ablation import ablation_table
    from mdat_train.tables.plan.ablation import ablation_jobs
    from mdat_train.tables.plan.engine import LOCAL, finished
    from mdat_train.tables.plan.grid import by_study

    out = config.out or _unused_folder(config)
    check_writable(out)
    digests = [of_file["digest"] for of_file in _loaded(config).provenance.values()]
    numbers = ABLATIONS if "all" in chosen else map(int, chosen)
    planned = ablation_jobs(config, numbers, digests=digests, folder=out / "runs")
    for failure in run_pending(planned, at_once=1, engine=LOCAL).values():
        raise InputError(failure)
    runs = {
        next(number for number in ABLATIONS if ABLATIONS[number] == study.disable): run
        for study, run in by_study(finished(planned)).items()
    }
    table = ablation_table(runs)
    with whole_file(out / "ablation.md") as file:
        file.write(f"{table}\n".encode())
    click.echo(table)
    click.echo(f"Written to {out / 'ablation.md'}")


def _loaded(config: TrainConfig) -> "TrainingData":
    """Load the features files, and print what they have."""
    from mdat_train.inputs.loading import load
    from mdat_train.runs.summary import data_summary

    data = load(config)
    click.echo(data_summary(data))
    return data
