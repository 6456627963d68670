"""What the layers of speech encoders are worth, within corpora and across languages.

    python benchmarks/encoders.py --features caches --features whisper --results encoders.jsonl

Each folder holds the features files of one encoder, one for each corpus. Finished results are kept
in the file of --results: the same command continues, and further options add to it.
"""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

import click
from kept_results import features_option, keep, preset_option, read, results_option

from mdat_data.cache import open_features
from mdat_train.classifiers.models import MODELS
from mdat_train.config import TrainConfig
from mdat_train.experiments.recorder import silent
from mdat_train.experiments.run_experiment import run_experiment
from mdat_train.inputs.loading import load
from mdat_train.inputs.selection import MIX
from mdat_train.make_config import make_config
from mdat_train.runs.condition import ADAPTED, FOLDS, QUERY, SOURCE


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one result is of: a model on a layer of an encoder, within a corpus or across two."""

    encoder: str
    layer: str
    modality: str
    stride: int
    epochs: int
    model: str
    source: str
    target: str | None
    at_most: int | None = None
    preset: str = "wide"  # of results that were kept before it had an option

    @property
    def column(self) -> str:
        """Heading of its column."""
        return f"{self.source} → {self.target}" if self.target else self.source

    @property
    def features(self) -> str:
        """Encoder and layer, and the stride where steps are averaged: the label of its row."""
        stride = f", stride {self.stride}" if self.stride > 1 else ""
        return f"{self.encoder}, {self.layer}{stride}"

    def config(self, folder: Path) -> TrainConfig:
        """The configuration of its run."""
        return make_config(
            folder / f"{self.source}.h5",
            folder / f"{self.target}.h5" if self.target else None,
            model=self.model,
            preset=self.preset,
            modality=self.modality,
            speech_layer=self.layer,
            frame_stride=self.stride,
            at_most=self.at_most,
            epochs=self.epochs,
            adapt_epochs=self.epochs,
            shots=(0, 15) if self.target else (0,),
            adaptation="finetune",  # the paper's: the layers are compared here, not the methods
            shot_draws=1,
        )


@click.command()
@features_option
@click.option("--corpus", "corpora", multiple=True, default=("emodb", "nemo", "urdu"))
@click.option("--pair", "pairs", multiple=True, help="SOURCE:TARGET, or none; default: all.")
@click.option("--layer", "layers", multiple=True, help="Default: all that are stored, and mix.")
@click.option(
    "--model",
    "models",
    type=click.Choice(tuple(MODELS)),
    multiple=True,
    default=("linear", "svm"),
    show_default=True,
)
@click.option("--modality", default="speech", show_default=True)
@click.option("--frame-stride", "stride", default=1, show_default=True)
@click.option("--epochs", default=5, show_default=True)
@click.option("--at-most", type=int, help="Utterances of each emotion of a corpus; default: all.")
@preset_option
@results_option
def main(
    folders: tuple[Path, ...],
    corpora: tuple[str, ...],
    pairs: tuple[str, ...],
    layers: tuple[str, ...],
    models: tuple[str, ...],
    results: Path,
    **choices: Any,
) -> None:
    """Measure UA and time of models on layers of encoders, speaker-independent, with 3 seeds."""
    tasks = [*((corpus, None) for corpus in corpora), *across(corpora, pairs)]
    kept = {Cell(**cell): result for cell, result in read(results)}
    cells = [
        Cell(
            encoder=folder.name,
            layer=layer,
            model=model,
            source=source,
            target=target,
            **choices,
        )
        for folder in folders
        for layer in layers or stored(folder / f"{corpora[0]}.h5")
        for model in models
        for source, target in tasks
    ]
    paths = {folder.name: folder for folder in folders}
    for cell in cells:
        if cell not in kept:
            kept[cell] = measured(cell, paths[cell.encoder])
            keep(results, asdict(cell), kept[cell])
    click.echo(table({cell: kept[cell] for cell in cells}))


def across(corpora: Sequence[str], pairs: Sequence[str]) -> list[tuple[str, str]]:
    """Source and target of each task across corpora."""
    if not pairs:
        return list(permutations(corpora, 2))
    found = [pair.partition(":") for pair in pairs if pair != "none"]
    if wrong := [source for source, _, target in found if not target]:
        raise click.BadParameter(f"expected SOURCE:TARGET or none, got {', '.join(wrong)}.")
    return [(source, target) for source, _, target in found]


def stored(path: Path) -> list[str]:
    """The speech layers of a features file, and their mixture where there are several."""
    with open_features(path) as cache:
        layers = [str(layer) for layer in cache.provenance.speech.layers]
    return [*layers, MIX] if len(layers) > 1 else layers


def measured(cell: Cell, folder: Path) -> dict[str, str]:
    """UA of each condition in %, and the seconds of a processor core that the run took."""
    start = time.process_time()
    run = run_experiment(load(cell.config(folder)), silent, keep_model=False)
    shown = {}
    for metrics in run.metrics():
        condition = metrics.condition
        if condition.model == cell.model and (
            condition.tested_on == FOLDS
            or condition.tested_on == QUERY
            and condition.trained_on in (SOURCE, ADAPTED)
        ):
            name = f"{condition.shots} shots" if cell.target else "folds"
            shown[name] = f"{100 * metrics.ua.mean:.1f} ± {100 * metrics.ua.std:.1f}"
    return shown | {"seconds": f"{time.process_time() - start:.0f}"}


def table(results: dict[Cell, dict[str, str]]) -> str:
    """The results as Markdown: a row for each model on each layer, a column for each task."""
    columns = list(dict.fromkeys(cell.column for cell in results))
    lines = [
        f"| encoder, layer | model | {' | '.join(columns)} | core-seconds |",
        "|---|---|" + "---:|" * (len(columns) + 1),
    ]
    rows: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
    for cell, result in results.items():
        rows.setdefault((cell.features, cell.model), {})[cell.column] = result
    for (features, model), row in rows.items():
        shown = [
            ", ".join(value for name, value in row[column].items() if name != "seconds")
            for column in columns
        ]
        seconds = sum(int(result["seconds"]) for result in row.values())
        lines.append(f"| {features} | {model} | {' | '.join(shown)} | {seconds} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
