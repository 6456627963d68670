"""Whether occlusion finds an emotional clip between two neutral ones of the same speaker.

The model was trained without that speaker. The frames whose masking lowers the probability of the
clip's emotion most should be those of the clip.

    mdat-extract --corpus emodb --root corpora/emodb --out emodb.h5 --speech-encoder logmel \
        --text-encoder none
    python benchmarks/splices.py emodb.h5 --model linear
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np

from mdat_data.cache import FeaturesFile, open_features
from mdat_data.metrics import mean_interval
from mdat_extract.encoders.logmel import ENERGY, LogMel
from mdat_predict import load
from mdat_predict.explain.masking import Masking
from mdat_predict.explain.occlusion import of_speech
from mdat_predict.model import Model
from mdat_predict.scoring.stored import read
from mdat_train.experiments.recorder import silent
from mdat_train.experiments.run_experiment import run_experiment
from mdat_train.inputs.loading import TrainingData
from mdat_train.inputs.loading import load as load_features
from mdat_train.inputs.scales import Scale
from mdat_train.make_config import make_config

NEUTRAL = "neutral"
OCCLUSION, LOUDEST, CHANCE = "occlusion", "loudest frames", "chance"
DRAWS = 20
"""Random orders of the frames whose results are averaged."""


@dataclass(frozen=True)
class Splice:
    """A clip between two neutral ones.

    Attributes:
        speaker: Who speaks in all three.
        right: The model predicts the emotion of the clip from all three.
        points: Ranking -> whether the first frame lies in the clip, 0 to 1.
        overlaps: Ranking -> intersection over union of the clip and as many first frames.
    """

    speaker: str
    right: bool
    points: dict[str, float]
    overlaps: dict[str, float]


@click.command()
@click.argument("features", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--model", default="linear", show_default=True, help="As of mdat-train.")
@click.option("--classes", default="angry,happy,neutral,sad", show_default=True)
@click.option("--epochs", default=10, show_default=True, help="As of mdat-train.")
def main(features: tuple[Path, ...], model: str, classes: str, epochs: int) -> None:
    """Splice clips of features files, each of which has a corpus with neutral speech."""
    for path in features:
        config = make_config(
            path,
            model=model,
            classes=tuple(classes.split(",")),
            modality="speech",
            seeds=1,
            folds=2,
            epochs=epochs,
        )
        splices = list(all_splices(load_features(config), path))
        report(f"{path.stem}, {model}, all splices", splices)
        report(f"{path.stem}, {model}, emotion recognised", [s for s in splices if s.right])


def all_splices(data: TrainingData, path: Path) -> Iterator[Splice]:
    """The splices of every speaker, by a model of the others."""
    rng = np.random.default_rng(0)
    with open_features(path) as file:
        for speaker in sorted({u.speaker for u in data.source.utterances}):
            model = trained_without(data, speaker)
            yield from splices_of(model, file, speaker, rng)


def trained_without(data: TrainingData, speaker: str) -> Model:
    """The model of a run on the other speakers."""
    others = data.source.of([u.id for u in data.source.utterances if u.speaker != speaker])
    scale = Scale(others, data.config.normalize)
    run = run_experiment(replace(data, source=others, scale=scale), silent)
    with TemporaryDirectory() as folder:
        run.save(Path(folder) / "run")
        return load(Path(folder) / "run")


def splices_of(
    model: Model, file: FeaturesFile, speaker: str, rng: np.random.Generator
) -> Iterator[Splice]:
    """Each emotional clip of a speaker between two neutral ones, drawn at random."""
    own = [(row, u.emotion) for row, u in enumerate(file.utterances) if u.speaker == speaker]
    neutral = [row for row, emotion in own if emotion == NEUTRAL]
    for row, emotion in own:
        if emotion in model.classes and emotion != NEUTRAL and len(neutral) > 1:
            before, after = rng.choice(neutral, 2, replace=False)
            parts = (int(before), row, int(after))
            yield spliced(model, file, parts, speaker, model.classes.index(emotion), rng)


def spliced(
    model: Model,
    file: FeaturesFile,
    parts: tuple[int, int, int],
    speaker: str,
    emotion: int,
    rng: np.random.Generator,
) -> Splice:
    """Splice the features of three utterances, and rank their frames."""
    [member] = model.members
    rows = read(file, member.description, parts)["speech"]
    lengths = [len(each) for each in rows]
    joined = np.concatenate(rows)
    clip = np.repeat([False, True, False], lengths)
    masking = Masking(model, [{"speech": [joined]}])
    [probabilities] = masking.probabilities(speech=np.ones((1, masking.steps), bool))
    rankings = {OCCLUSION: [np.argsort(-of_speech(masking, emotion), kind="stable")]}
    if member.description.streams["speech"].encoder == LogMel.name:
        loudness = joined[:, ENERGY].astype(np.float32)
        rankings[LOUDEST] = [np.argsort(-loudness, kind="stable")]
    rankings[CHANCE] = [rng.permutation(len(clip)) for _ in range(DRAWS)]
    return Splice(
        speaker=speaker,
        right=int(probabilities.argmax()) == emotion,
        points={n: float(np.mean([clip[o[0]] for o in of])) for n, of in rankings.items()},
        overlaps={n: float(np.mean([overlap(clip, o) for o in of])) for n, of in rankings.items()},
    )


def overlap(clip: np.ndarray, order: np.ndarray) -> float:
    """Intersection over union of a clip and as many of the first frames of an order."""
    hits = clip[order[: clip.sum()]].sum()
    return float(hits / (2 * clip.sum() - hits))


def report(name: str, splices: list[Splice]) -> None:
    """Print mean and 95 % interval over speakers of both measures, in %."""
    speakers = [splice.speaker for splice in splices]
    click.echo(f"{name}: {len(splices)} of {len(set(speakers))} speakers")
    for ranking in splices[0].points if splices else ():
        for measure in ("points", "overlaps"):
            values = np.array([getattr(splice, measure)[ranking] for splice in splices])
            found = mean_interval(values, speakers, seed=0)
            bounds = f" [{100 * found.low:.1f}, {100 * found.high:.1f}]" if found else ""
            click.echo(f"  {ranking:15} {measure:9} {100 * values.mean():5.1f}{bounds}")


if __name__ == "__main__":
    main()
