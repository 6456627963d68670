"""The command mdat-train."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mdat_data import InputError
from mdat_data.process.failures import clear_failures
from mdat_data.process.output import check_writable
from mdat_train.cli.options import learning_options, numbers, pairs, paths, words, words_of
from mdat_train.config import ABLATIONS, DISABLE, MODELS, SPLITS, TrainConfig

if TYPE_CHECKING:
    from mdat_train.classifiers.classifier import Epoch, Watch
    from mdat_train.inputs.loading import Material

PACKAGES = ("keras", "matplotlib", "tensorflow")
BAR = "{percentage:3.0f} %|{bar}| {n:.1f} of {total} trainings, {remaining} left{postfix}"


@click.command(context_settings={"show_default": True, "max_content_width": 100})
@click.option(
    "--source",
    multiple=True,
    required=True,
    callback=paths,
    metavar="FILE.h5",
    help="Features file to learn from; may be repeated or separated by commas.",
)
@click.option(
    "--target",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.h5",
    help="Features file to test on and adapt to. Without it the source is tested within itself.",
)
@click.option(
    "--shots",
    multiple=True,
    default=("0",),
    callback=numbers,
    help="Labelled clips per class of the target to adapt with; several numbers, repeated or "
    "separated by commas, make a curve. 0 shots are always tested too.",
)
@click.option(
    "--model",
    type=click.Choice(MODELS),
    default="mdat",
    help="bilstm is the paper's baseline, hcam and safrlm what it compares with; safrlm is "
    "SAFRLM-style, reconstructed from its abstract. linear and svm classify mean and standard "
    "deviation of the same features.",
)
@click.option(
    "--disable",
    multiple=True,
    callback=words_of(tuple(DISABLE)),
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
    "modules: each is run into a folder of its own, and compared with model 1, all of mdat.",
)
@click.option(
    "--classes",
    multiple=True,
    default=("angry,happy,neutral,sad",),
    callback=words,
    help="Emotions, repeated or separated by commas; all takes those that every file has.",
)
@click.option(
    "--merge",
    multiple=True,
    callback=pairs,
    metavar="EMOTION=EMOTION",
    help="Count one emotion as another, such as boredom=sad; may be repeated.",
)
@click.option(
    "--at-most",
    type=click.IntRange(min=1),
    metavar="N",
    help="Use N utterances of each emotion of a file, drawn at random and always the same.",
)
@click.option(
    "--split",
    type=click.Choice(SPLITS),
    default="group",
    help="group keeps speakers (or sessions) apart: in folds within a corpus, and in k-shot clips "
    "to learn from and queries. random does not, and its scores reward recognising the speaker. "
    "80-20 is a single random division within a corpus.",
)
@click.option(
    "--first-seed",
    type=click.IntRange(min=0),
    default=0,
    help="The others follow it: the seeds of one experiment can run in several places.",
)
@learning_options
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    show_default="runs/<files>-<model>, numbered",
    help="Folder of the run, which must not exist; with --ablation finished models are kept.",
)
def main(ablation: tuple[str, ...], **options: Any) -> None:
    """Train an emotion classifier from features files and test it honestly.

    Without --target: within the source, every utterance predicted by a model that did not see its
    fold. With it: trained on the source, tested on the target, adapted with a few clips of it.

    UA (unweighted accuracy) is the mean recall over the classes, WA (weighted accuracy) the share
    of utterances that are right; the mean and standard deviation are over seeds and draws. The
    interval is of the mean UA: 95 %, by bootstrap over speakers.
    """
    options["out"] = options["out"] or _unused_folder(**options)
    interrupted = "interrupted. Nothing was written; the same command starts again."
    if ablation:
        interrupted = f"interrupted. Finished models are kept; --out {options['out']} goes on."
    with clear_failures(extra="train", packages=PACKAGES, interrupted=interrupted):
        config = TrainConfig(**options)
        if ablation:
            _run_ablations(config, ablation)
        else:
            _run(config)


def _unused_folder(source: tuple[Path, ...], target: Path | None, model: str, **_: Any) -> Path:
    files = [path.stem for path in (*source, *([target] if target else []))]
    folder = Path("runs", "-".join([*files, model]))
    number = 1
    while folder.exists():
        number += 1
        folder = folder.with_name(f"{'-'.join([*files, model])}-{number}")
    return folder


def _run(config: TrainConfig) -> None:
    if config.out.exists():
        raise InputError(f"{config.out} exists. Choose another --out, or remove it.")
    check_writable(config.out)
    material = _opened(config)
    from mdat_train.experiments.pipeline import run
    from mdat_train.runs.summary import after

    with _shown(config) as progress:
        finished = run(material, progress)
    click.echo(after(finished))
    click.echo(f"Written to {config.out}")


def _run_ablations(config: TrainConfig, chosen: tuple[str, ...]) -> None:
    if config.model != "mdat" or config.disable:
        raise InputError(
            "--ablation runs mdat without some modules: leave --model and --disable out."
        )
    check_writable(config.out)
    material = _opened(config)
    from mdat_train.experiments.ablation import TABLE, ablation_table, run_ablations

    numbers = ABLATIONS if "all" in chosen else map(int, chosen)
    click.echo(ablation_table(run_ablations(material, tuple(numbers), _shown)))
    click.echo(f"Written to {config.out / TABLE}")


def _opened(config: TrainConfig) -> "Material":
    """Load what is learned from, say what it is, and start Keras."""
    from mdat_train.classifiers import backend
    from mdat_train.inputs.loading import load
    from mdat_train.runs.summary import before

    material = load(config)
    click.echo(before(material))
    backend.start()  # after the files have been looked at: it takes seconds
    return material


@contextmanager
def _shown(config: TrainConfig) -> Iterator["_Progress"]:
    """A bar for the trainings of a run."""
    from tqdm import tqdm

    from mdat_train.experiments.experiment import planned_trainings

    with tqdm(total=planned_trainings(config), bar_format=BAR, disable=None) as bar:
        yield _Progress(bar)


class _Progress:
    """Moves a bar over all trainings, each epoch by its part of one."""

    def __init__(self, bar: Any) -> None:
        self.bar = bar

    @contextmanager
    def __call__(self, name: str) -> Iterator["Watch"]:
        done = round(self.bar.n)

        def watch(epoch: "Epoch", epochs: int) -> None:
            ua = f", held-out UA {epoch['validation_ua']:.0%}" if "validation_ua" in epoch else ""
            place = f"epoch {epoch['epoch']:.0f} of {epochs}"
            self.bar.set_postfix_str(f"{name}: {place}, loss {epoch['loss']:.3f}{ua}")
            self.bar.update(done + epoch["epoch"] / epochs - self.bar.n)

        yield watch
        self.bar.update(done + 1 - self.bar.n)
