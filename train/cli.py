"""The command mdat-train."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mdat_data.command import clear_failures
from mdat_train.config import DISABLE, MODELS, NORMALIZATIONS, SPLITS, TrainConfig

if TYPE_CHECKING:
    from mdat_train.system import Epoch, Watch

PACKAGES = ("keras", "matplotlib", "tensorflow")
PRESETS = ("base", "paper")


def _words(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    """Values may be repeated or separated by commas."""
    words = tuple(word.strip() for value in values for word in value.split(","))
    if not all(words):
        raise click.BadParameter(f"{','.join(words)!r} has an empty word.")
    return words


def _numbers(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    words = _words(context, option, values)
    if not all(word.isdecimal() for word in words):
        raise click.BadParameter(f"{','.join(words)!r} must be whole numbers, such as 0,5,10.")
    return tuple(sorted({int(word) for word in words}))


def _pairs(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    pairs = tuple(tuple(word.split("=")) for word in _words(context, option, values))
    if not all(len(pair) == 2 and all(pair) for pair in pairs):
        raise click.BadParameter(f"{values!r} must be pairs such as boredom=sad.")
    return pairs


def _modules(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    words = _words(context, option, values)
    if unknown := sorted(set(words) - set(DISABLE)):
        raise click.BadParameter(f"{unknown[0]!r} is not one of {', '.join(DISABLE)}.")
    return words


def _paths(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    return tuple(map(Path, _words(context, option, values)))


@click.command(context_settings={"show_default": True, "max_content_width": 100})
@click.option(
    "--source",
    multiple=True,
    required=True,
    callback=_paths,
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
    callback=_numbers,
    help="Labelled clips per class of the target to adapt with; several numbers, repeated or "
    "separated by commas, make a curve. 0 shots are always tested too.",
)
@click.option(
    "--model",
    type=click.Choice(MODELS),
    default="mdat",
    help="linear and svm classify mean and standard deviation of the same features.",
)
@click.option(
    "--preset",
    type=click.Choice(PRESETS),
    default="base",
    help="Of mdat: base is narrow, with residual and scaling; paper has the printed equations.",
)
@click.option(
    "--disable",
    multiple=True,
    callback=_modules,
    metavar="MODULE",
    help=f"Switch off a module of mdat: {', '.join(DISABLE)}; several, repeated or separated by "
    "commas.",
)
@click.option(
    "--classes",
    multiple=True,
    default=("angry,happy,neutral,sad",),
    callback=_words,
    help="Emotions, repeated or separated by commas; all takes those that every file has.",
)
@click.option(
    "--merge",
    multiple=True,
    callback=_pairs,
    metavar="EMOTION=EMOTION",
    help="Count one emotion as another, such as boredom=sad; may be repeated.",
)
@click.option(
    "--speech-layer",
    show_default="the middle one; last under the preset paper",
    help="A stored layer of the speech encoder, or mix: a learned weighted sum of all stored ones.",
)
@click.option(
    "--frames",
    type=click.IntRange(min=1),
    default=1500,
    help="Speech is cropped after so many frames.",
)
@click.option(
    "--split",
    type=click.Choice(SPLITS),
    default="group",
    help="Within a corpus: group holds speakers (or sessions) out; random does not, and its "
    "scores reward recognising the speaker.",
)
@click.option(
    "--folds", type=click.IntRange(min=2), default=5, help="Within a corpus: parts of the division."
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    default=3,
    help="How many seeds; each trains, and within a corpus divides, anew.",
)
@click.option(
    "--shot-draws",
    type=click.IntRange(min=1),
    default=5,
    help="How many draws of the clips; the same for every seed, model and number of shots.",
)
@click.option("--epochs", type=click.IntRange(min=1), default=10, help="Passes over the source.")
@click.option(
    "--patience",
    type=click.IntRange(min=1),
    default=5,
    help="Stop after so many epochs without a better UA of the groups held out of the training "
    "side. Where they would lack a class, all epochs are trained; which, is said.",
)
@click.option(
    "--adapt-epochs", type=click.IntRange(min=1), default=10, help="Passes over the target's clips."
)
@click.option("--batch-size", type=click.IntRange(min=1), default=16, help="Utterances of a batch.")
@click.option(
    "--learning-rate",
    type=click.FloatRange(min=0, min_open=True),
    default=3e-4,
    help="The highest, after warm-up and before its cosine decay.",
)
@click.option(
    "--adapt-learning-rate",
    type=click.FloatRange(min=0, min_open=True),
    default=3e-4,
    help="Of the adaptation, constant.",
)
@click.option(
    "--normalize",
    type=click.Choice(NORMALIZATIONS),
    show_default="train; none under the preset paper",
    help="Bring features to one scale by statistics of the training part, or of each corpus by "
    "itself (transductive: it reads the unlabelled target), or not.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    show_default="runs/<files>-<model>, numbered",
    help="Folder of the run, which must not exist.",
)
def main(**options: Any) -> None:
    """Train an emotion classifier from features files and test it honestly.

    Without --target: within the source, every utterance predicted by a model that did not see its
    fold. With it: trained on the source, tested on the target, adapted with a few clips of it.

    UA (unweighted accuracy) is the mean recall over the classes, WA (weighted accuracy) the share
    of utterances that are right; the mean and standard deviation are over seeds and draws. The
    interval is of the mean UA: 95 %, by bootstrap over speakers.
    """
    options["out"] = options["out"] or _unused_folder(**options)
    interrupted = "interrupted. Nothing was written; the same command starts again."
    with clear_failures(extra="train", packages=PACKAGES, interrupted=interrupted):
        _run(TrainConfig(**options))


def _unused_folder(source: tuple[Path, ...], target: Path | None, model: str, **_: Any) -> Path:
    files = [path.stem for path in (*source, *([target] if target else []))]
    folder = Path("runs", "-".join([*files, model]))
    number = 1
    while folder.exists():
        number += 1
        folder = folder.with_name(f"{'-'.join([*files, model])}-{number}")
    return folder


def _run(config: TrainConfig) -> None:
    from tqdm import tqdm

    from mdat_train import backend
    from mdat_train.experiment import planned_trainings
    from mdat_train.material import load
    from mdat_train.report import after, before

    material = load(config)
    click.echo(before(material))
    backend.start()  # after the files have been looked at: it takes seconds
    from mdat_train.pipeline import run

    layout = "{percentage:3.0f} %|{bar}| {n:.1f} of {total} trainings, {remaining} left{postfix}"
    with tqdm(total=planned_trainings(config), bar_format=layout, disable=None) as bar:
        finished = run(material, _Progress(bar))
    click.echo(after(finished))
    click.echo(f"Written to {config.out}")


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
