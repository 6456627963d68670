"""Which method of adaptation is worth what, for a network and for the linear classifier?

    python benchmarks/adaptation.py --features caches --model mdat --results adaptation.jsonl

EMO-DB and nEMO are each other's target. Each folder of --features has emodb.h5 and nemo.h5 of one
encoder. Support and query have different speakers. Finished results are kept in the file of
--results: the same command continues.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from mdat_data.metrics import compute_metrics
from mdat_train.adaptation import Adaptation, Setting, Strengths
from mdat_train.classifiers import backend
from mdat_train.classifiers.build import build_classifier
from mdat_train.classifiers.classifier import Classifier, Fitted
from mdat_train.config import TrainConfig
from mdat_train.inputs.loading import load
from mdat_train.inputs.selection import Selection
from mdat_train.make_config import make_config
from mdat_train.splits.k_shot import k_shot_by_group

PAIRS = (("emodb", "nemo"), ("nemo", "emodb"))
SHOTS = (5, 15)
DRAWS = 2
PAPER = "finetune, full learning rate"
NETWORKS_ONLY = (PAPER, "finetune, 0.03")

ADAPTATIONS: dict[str, tuple[Adaptation, float]] = {
    PAPER: (Adaptation(name="finetune"), 1.0),
    "finetune": (Adaptation(name="finetune"), 0.1),
    "finetune, 0.03": (Adaptation(name="finetune"), 0.03),
    **{
        f"joint, share {share or 'N / (N + 160)'}": (
            Adaptation(name="joint", strengths=Strengths(share=share)),
            0.1,
        )
        for share in (None, 0.1, 0.5, 0.8)
    },
    "joint, new weights": (Adaptation(name="joint", strengths=Strengths(start="new")), 0.1),
    **{
        f"prior, pull {pull}": (Adaptation(name="prior", strengths=Strengths(pull=pull)), 0.1)
        for pull in (1.0, 10.0, 100.0)
    },
}
"""Name -> method with its strengths, and its part of the learning rate of a network."""


@click.command()
@click.option(
    "--features",
    "folders",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="Folder of one encoder's features files; may be repeated.",
)
@click.option("--model", "models", multiple=True, default=("linear",), show_default=True)
@click.option("--source", "sources", multiple=True, default=("emodb", "nemo"), show_default=True)
@click.option("--method", "methods", multiple=True, type=click.Choice(tuple(ADAPTATIONS)))
@click.option("--frame-stride", default=1, show_default=True)
@click.option("--first-seed", default=0, show_default=True)
@click.option("--seeds", default=3, show_default=True)
@click.option("--results", type=click.Path(dir_okay=False, path_type=Path), required=True)
def main(
    folders: tuple[Path, ...],
    models: tuple[str, ...],
    sources: tuple[str, ...],
    methods: tuple[str, ...],
    frame_stride: int,
    first_seed: int,
    seeds: int,
    results: Path,
) -> None:
    """Measure UA over the query sets, and print its mean by method and number of shots."""
    backend.start()
    kept = read(results)
    for folder in folders:
        for model in models:
            for source, target in PAIRS:
                keys = {
                    json.dumps([folder.name, source, target, model, frame_stride, seed]): seed
                    for seed in range(first_seed, first_seed + seeds)
                }
                missing = {key: seed for key, seed in keys.items() if key not in kept}
                if source not in sources or not missing:
                    continue
                paths = [folder / f"{name}.h5" for name in (source, target)]
                data = load(make_config(*paths, model=model, frame_stride=frame_stride))
                for key, seed in missing.items():
                    corpus = data.scale.scaled(()).selection.in_memory()
                    kept[key] = measured(data.config, data.source, corpus, seed, methods)
                    with results.open("a") as file:
                        file.write(json.dumps([key, kept[key]]) + "\n")
    click.echo(table(kept))


def measured(
    config: TrainConfig, source: Selection, target: Selection, seed: int, methods: Sequence[str]
) -> dict[str, list[float]]:
    """UA in % by number of shots and method: one for each draw."""
    classifiers = dict(untrained(config, source))
    classifier = classifiers[1.0]
    fitted = classifier.fit(source, None, seed=seed, callback=_ignore)
    uas: dict[str, list[float]] = {}
    for draw in range(DRAWS):
        for shots in SHOTS:
            split = k_shot_by_group(target.utterances, shots=shots, seed=(seed, draw))
            support, query = target.of(split.train), target.of(split.test)

            def ua(adapted: Fitted, query: Selection = query) -> float:
                predicted = classifier.predict(adapted, query).argmax(axis=1)
                return 100 * compute_metrics(query.labels, predicted, query.classes).ua

            tried = {"zero-shot": ua(fitted)}
            alone = classifier.fit(support, None, seed=seed, callback=_ignore)
            tried["support only"] = ua(alone)
            for name, (adaptation, rate) in tried_by(config.model, methods).items():
                setting = Setting(
                    classifier=classifiers[rate],
                    fitted=fitted,
                    source=source,
                    support=support,
                    seed=seed,
                    callback=_ignore,
                )
                tried[name] = ua(adaptation.adapt(setting))
            for name, value in tried.items():
                uas.setdefault(f"{shots} shots, {name}", []).append(value)
    return uas


def tried_by(model: str, methods: Sequence[str]) -> dict[str, tuple[Adaptation, float]]:
    """The methods of a model; the linear classifier has no learning rate."""
    names = methods or ADAPTATIONS
    without = NETWORKS_ONLY if model == "linear" else ()
    return {name: ADAPTATIONS[name] for name in names if name not in without}


def untrained(config: TrainConfig, source: Selection) -> Iterator[tuple[float, Classifier]]:
    """A classifier for each part of the learning rate; they share what is compiled."""
    from mdat_train.classifiers.compiled_models import CompiledModels

    models = CompiledModels()
    for part in {rate for _, rate in ADAPTATIONS.values()}:
        rate = config.learning_rate and part * config.learning_rate
        yield (
            part,
            build_classifier(
                replace(config, adapt_learning_rate=rate),
                speech_dim=source.speech[0].shape[1],
                text_dim=source.text[0].shape[1],
                models=models,
            ),
        )


def _ignore(*_: Any) -> None:
    """No progress is shown."""


def read(results: Path) -> dict[str, dict[str, list[float]]]:
    """The results that are kept, by the text of their key."""
    lines = results.read_text().splitlines() if results.exists() else []
    return dict(json.loads(line) for line in lines)


def table(kept: Mapping[str, Mapping[str, Sequence[float]]]) -> str:
    """Mean UA as Markdown: a row for each method, a column for each model, target and k."""
    columns: dict[str, dict[str, list[float]]] = {}
    for key, uas in kept.items():
        encoder, _, target, model, stride, _ = json.loads(key)
        for name, values in uas.items():
            shots, _, method = name.partition(", ")
            heading = f"{encoder}, stride {stride}, {model}, {target}, {shots}"
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
