"""The command mdat-train."""

from pathlib import Path
from typing import Any

import click

from mdat_data import InputError
from mdat_data.process.failures import clear_failures
from mdat_data.process.paths import UsablePath
from mdat_train.classifiers.models import MODELS
from mdat_train.cli.options import DEFAULT, training_options
from mdat_train.cli.run import export_again, run_ablations, run_once
from mdat_train.cli.values import pairs, paths, shots, words, words_of
from mdat_train.config import ABLATIONS, DISABLE, SPLITS, TrainConfig

PACKAGES = ("joblib", "keras", "matplotlib", "onnx", "onnxruntime", "tensorflow", "tf2onnx")


@click.command(context_settings={"show_default": True, "max_content_width": 100})
@click.option(
    "--source",
    multiple=True,
    callback=paths,
    metavar="FILE.h5",
    show_default="none: it must be given",
    help="Features file to train on; may be repeated or separated by commas.",
)
@click.option(
    "--target",
    type=UsablePath(dir_okay=False),
    metavar="FILE.h5",
    show_default="none: the source is tested within itself",
    help="Features file to test on and to adapt to.",
)
@click.option(
    "--shots",
    multiple=True,
    default=(",".join(map(str, DEFAULT.shots)),),
    callback=shots,
    metavar="NUMBER",
    help="Number of labelled utterances per class of the target to adapt with; several numbers, "
    "repeated or separated by commas, give a curve. 0 shots are always tested too. all adapts the "
    "model with every labelled utterance, for use; its score leaves out one speaker in turn.",
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
    show_default="none",
    help=f"Module of mdat to switch off: {', '.join(DISABLE)}; several are repeated or separated "
    "by commas.",
)
@click.option(
    "--ablation",
    multiple=True,
    callback=words_of(("all", *map(str, ABLATIONS))),
    metavar="NUMBER",
    show_default="none",
    help="Models of the paper's Table VI, each mdat without some modules: all, or some of the "
    "numbers 1 to 7. Each is compared with model 1, which has all modules.",
)
@click.option(
    "--classes",
    multiple=True,
    default=(",".join(DEFAULT.classes),),
    callback=words,
    metavar="EMOTION",
    help="Emotions to tell apart, repeated or separated by commas; all takes those that every file "
    "has.",
)
@click.option(
    "--merge",
    multiple=True,
    callback=pairs,
    metavar="boredom=sad",
    show_default="none",
    help="Count one emotion as another; may be repeated.",
)
@click.option(
    "--at-most",
    type=click.IntRange(min=1),
    metavar="N",
    show_default="no limit",
    help="Use at most N utterances of each emotion of a file, drawn at random.",
)
@click.option(
    "--at-most-seed",
    type=click.IntRange(min=0),
    default=DEFAULT.at_most_seed,
    help="Seed of the draw of --at-most; all seeds of a run have the same draw.",
)
@click.option(
    "--split",
    type=click.Choice(SPLITS),
    default=DEFAULT.split,
    help="How utterances are divided into folds within a corpus, and into support and query. group "
    "is speaker-independent: no speaker (or session) is on both sides. random is not, and its "
    "scores reward recognising the speaker. 80-20 is a single random split within a corpus.",
)
@click.option(
    "--first-seed",
    type=click.IntRange(min=0),
    default=DEFAULT.first_seed,
    help="First seed; the others follow it. Different first seeds let several machines share one "
    "experiment.",
)
@click.option(
    "--by",
    metavar="COLUMN",
    show_default="sex, where the features file has it",
    help="Compare the scores of groups of test utterances too: by sex, language or group, or by a "
    "column of --manifest.",
)
@click.option(
    "--manifest",
    type=UsablePath(dir_okay=False),
    metavar="FILE",
    show_default="none",
    help="Table (.csv or .tsv) with the column id and that of --by, such as the manifest of the "
    "corpus.",
)
@training_options
@click.option(
    "--out",
    type=UsablePath(file_okay=False),
    show_default="runs/<files>-<model>, numbered",
    help="Folder of the run; it must not exist. With --ablation it may: finished runs are kept in "
    "its folder runs, and the same command continues.",
)
@click.option(
    "--no-export",
    "export",
    is_flag=True,
    flag_value=False,
    default=True,
    show_default="model.onnx is written",
    help="Do not write model.onnx, the model for use on new recordings.",
)
@click.option(
    "--export",
    "exported",
    type=UsablePath(file_okay=False, exists=True),
    metavar="RUN",
    show_default="none: a run is trained",
    help="Write model.onnx of a finished run, and train nothing.",
)
@click.version_option(package_name="mdat-keras")
def main(
    ablation: tuple[str, ...],
    by: str | None,
    manifest: Path | None,
    export: bool,
    exported: Path | None,
    **options: Any,
) -> None:
    """Train an emotion classifier on features files and test it.

    Without --target: cross-validation within the source. Every utterance is predicted by a model
    that was not trained on its fold. With --target: the model is trained on the source, tested on
    the target, and adapted with a few labelled utterances of the target.

    UA (unweighted accuracy) is the mean recall over the classes, WA (weighted accuracy) the share
    of utterances that are predicted correctly. Mean and standard deviation are over seeds and
    draws. The interval is the 95 % interval of the mean UA, by bootstrap over speakers.
    """
    interrupted = "interrupted. Nothing was written; the same command starts again."
    if ablation:
        out = options["out"] or "<the folder of these runs>"
        interrupted = f"interrupted. Finished runs are kept; --out {out} continues."
    with clear_failures(extra="train", packages=PACKAGES, interrupted=interrupted):
        if exported:
            export_again(exported)
            return
        if not options["source"]:
            raise click.MissingParameter(param_hint="'--source'", param_type="option")
        config = TrainConfig(**options)
        if ablation:
            if by or manifest:
                raise InputError("--ablation compares models: leave --by and --manifest out.")
            run_ablations(config, ablation)
        else:
            run_once(config, export=export, by=by, manifest=manifest)
