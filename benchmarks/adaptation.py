"""What is each method of adaptation worth, for a network and for the linear classifier?

    python benchmarks/adaptation.py --features caches --model mdat --results adaptation.jsonl

EMO-DB and nEMO are each other's target. Each folder of --features has emodb.h5 and nemo.h5 of one
encoder. Support and query have different speakers. Finished results are kept in the file of
--results: the same command continues.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
from kept_results import features_option, keep, preset_option, read, results_option

from mdat_data.metrics import compute_metrics
from mdat_train.adaptation import Adaptation, Setting, Strengths
from mdat_train.classifiers import backend
from mdat_train.classifiers.build import build_classifier
from mdat_train.classifiers.classifier import Classifier, Fitted
from mdat_train.classifiers.models import MODELS
from mdat_train.inputs.defaults import SLOWER
from mdat_train.inputs.loading import TrainingData, load
from mdat_train.inputs.selection import Selection
from mdat_train.make_config import make_config
from mdat_train.splits.k_shot import k_shot_by_group

PAIRS = (("emodb", "nemo"), ("nemo", "emodb"))
SHOTS = (5, 15)
DRAWS = 2


def _joint(share: float | None = None, start: str = "source") -> Adaptation:
    return Adaptation(name="joint", strengths=Strengths(share=share, start=start))


def _prior(pull: float) -> Adaptation:
    return Adaptation(name="prior", strengths=Strengths(pull=pull))


ADAPTATIONS: dict[str, tuple[Adaptation, float]] = {
    "fine-tuning, full rate": (Adaptation(name="finetune"), 1.0),
    "fine-tuning": (Adaptation(name="finetune"), SLOWER),
    "joint, share N / (N + 160)": (_joint(), SLOWER),
    **{f"joint, share {share}": (_joint(share), SLOWER) for share in (0.1, 0.5, 0.8)},
    "joint, new weights": (_joint(start="new"), SLOWER),
    **{f"prior, pull {pull:g}": (_prior(pull), SLOWER) for pull in (1.0, 10.0, 100.0)},
}
"""Name -> method with its strengths, and its part of the learning rate, which networks have."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one result is of: some methods, from one corpus to the other, with one seed."""

    encoder: str
    stride: int
    model: str
    source: str
    target: str
    seed: int
    methods: tuple[str, ...]
    adapt_epochs: int = 10
    preset: str = "wide"  # of results that were kept before it had an option


@click.command()
@features_option
@click.option(
    "--model",
    "models",
    type=click.Choice(tuple(MODELS)),
    multiple=True,
    default=("linear",),
    show_default=True,
)
@click.option("--method", "methods", type=click.Choice(tuple(ADAPTATIONS)), multiple=True)
@click.option("--frame-stride", "stride", default=1, show_default=True)
@click.option("--adapt-epochs", default=10, show_default=True, help="Of networks.")
@click.option("--seeds", default=3, show_default=True)
@preset_option
@results_option
def main(
    folders: tuple[Path, ...],
    models: tuple[str, ...],
    methods: tuple[str, ...],
    stride: int,
    adapt_epochs: int,
    preset: str,
    seeds: int,
    results: Path,
) -> None:
    """Measure UA over the query sets, and print its mean by method and number of shots."""
    backend.start()
    kept = {Cell(**cell | {"methods": tuple(cell["methods"])}): uas for cell, uas in read(results)}
    cells = {
        Cell(
            encoder=folder.name,
            stride=stride,
            model=model,
            source=source,
            target=target,
            seed=seed,
            methods=methods or tuple(ADAPTATIONS),
            adapt_epochs=adapt_epochs,
            preset=preset,
        ): folder
        for folder in folders
        for model in models
        for source, target in PAIRS
        for seed in range(seeds)
    }
    for cell, folder in cells.items():
        if cell not in kept:
            kept[cell] = measured(cell, folder)
            keep(results, asdict(cell), kept[cell])
    click.echo(table({cell: kept[cell] for cell in cells}))


def measured(cell: Cell, folder: Path) -> dict[str, list[float]]:
    """UA in % by number of shots and method: one for each draw."""
    paths = [folder / f"{name}.h5" for name in (cell.source, cell.target)]
    config = make_config(
        *paths,
        model=cell.model,
        preset=cell.preset,
        frame_stride=cell.stride,
        adapt_epochs=cell.adapt_epochs,
    )
    data = load(config)
    target = data.scale.scaled(()).selection.in_memory()
    classifiers = dict(untrained(data))
    fitted = classifiers[1.0].fit(data.source, None, seed=cell.seed, callback=_ignore)
    uas: dict[str, list[float]] = {}
    for draw in range(DRAWS):
        for shots in SHOTS:
            split = k_shot_by_group(target.utterances, shots=shots, seed=(cell.seed, draw))
            setting = Setting(
                classifier=classifiers[1.0],
                fitted=fitted,
                source=data.source,
                support=target.of(split.train),
                seed=cell.seed,
                callback=_ignore,
            )
            tried = tried_in(setting, classifiers, cell.methods, target.of(split.test))
            for name, ua in tried:
                uas.setdefault(f"{shots} shots, {name}", []).append(ua)
    return uas


def tried_in(
    setting: Setting,
    classifiers: Mapping[float, Classifier],
    methods: Sequence[str],
    query: Selection,
) -> Iterator[tuple[str, float]]:
    """UA in % of both controls and of each method."""
    classifier, seed = setting.classifier, setting.seed
    ua = partial(_ua, classifier, query)
    yield "zero-shot", ua(setting.fitted)
    yield "support only", ua(classifier.fit(setting.support, None, seed=seed, callback=_ignore))
    for name in methods:
        adaptation, rate = ADAPTATIONS[name]
        yield name, ua(adaptation.adapt(replace(setting, classifier=classifiers[rate])))


def _ua(classifier: Classifier, query: Selection, fitted: Fitted) -> float:
    predicted = classifier.predict(fitted, query).argmax(axis=1)
    return 100 * compute_metrics(query.labels, predicted, query.classes).ua


def untrained(data: TrainingData) -> Iterator[tuple[float, Classifier]]:
    """A classifier for each part of the learning rate; they share what is compiled."""
    from mdat_train.classifiers.compiled_models import CompiledModels

    models = CompiledModels()
    for part in {rate for _, rate in ADAPTATIONS.values()}:
        rate = data.config.learning_rate and part * data.config.learning_rate
        yield (
            part,
            build_classifier(
                replace(data.config, adapt_learning_rate=rate),
                speech_dim=data.source.speech[0].shape[1],
                text_dim=data.source.text[0].shape[1],
                models=models,
            ),
        )


def _ignore(*_: Any) -> None:
    """No progress is shown."""


def table(kept: Mapping[Cell, Mapping[str, Sequence[float]]]) -> str:
    """Mean UA as Markdown: a row for each method, a column for each model, target and k."""
    columns: dict[str, dict[str, list[float]]] = {}
    for cell, uas in kept.items():
        for name, values in uas.items():
            shots, _, method = name.partition(", ")
            of = f"{cell.encoder}, stride {cell.stride}, {cell.model}, {cell.adapt_epochs} epochs"
            heading = f"{of}, {cell.target}, {shots}"
            columns.setdefault(heading, {}).setdefault(method, []).extend(values)
    methods = list(dict.fromkeys(method for column in columns.values() for method in column))
    lines = [f"| method | {' | '.join(columns)} |", "|---|" + "---:|" * len(columns)]
    for method in methods:
        shown = " | ".join(
            f"{np.mean(column[method]):.1f}" if method in column else ""
            for column in columns.values()
        )
        lines.append(f"| {method} | {shown} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
