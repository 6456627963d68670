"""The table of README: within and across two corpora, for MDAT and the baselines.

Every cell is a run of mdat-train; a run whose folder is there is not trained again.

    python benchmarks/table.py emodb.h5 urdu.h5 --out runs/table
"""

import subprocess
import sys
from pathlib import Path

import click

from mdat_train.config import MODELS
from mdat_train.run import Result
from mdat_train.run_folder import read_run

COMMAND = "from mdat_train.cli import main; main()"


@click.command()
@click.argument("files", nargs=2, type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the runs.")
@click.option("--shots", default=10, show_default=True)
@click.option("--seeds", default=3, show_default=True)
@click.option("--shot-draws", default=3, show_default=True)
def main(files: tuple[Path, Path], out: Path, shots: int, seeds: int, shot_draws: int) -> None:
    """Train what is missing, and print the table as Markdown."""
    first, second = files
    common = [f"--seeds={seeds}", f"--shot-draws={shot_draws}"]
    experiments = {
        f"{file.stem}, {split}": [f"--source={file}", f"--split={split}"]
        for file in files
        for split in ("group", "random")
    } | {
        f"{source.stem} → {target.stem}": [
            f"--source={source}",
            f"--target={target}",
            f"--shots={shots}",
        ]
        for source, target in ((first, second), (second, first))
    }
    print("| experiment | tested on | shots | " + " | ".join(MODELS) + " |")
    print("|---|---|---:|" + "---|" * len(MODELS))
    for name, options in experiments.items():
        runs = [
            own_results(model, out / f"{name}, {model}", [*options, *common]) for model in MODELS
        ]
        for results_of_models in zip(*runs, strict=True):
            print_row(name, results_of_models)


def own_results(model: str, folder: Path, options: list[str]) -> list[Result]:
    """Results of a model itself; the run is trained where it is not there.

    The linear classifier on the clips alone, a control in every run, has a column of its own.
    """
    if not folder.exists():
        arguments = [sys.executable, "-c", COMMAND, *options, f"--model={model}", f"--out={folder}"]
        subprocess.run(arguments, check=True, stdout=sys.stderr)
    own = (model, f"{model}, clips alone")
    return [result for result in read_run(folder).results() if result.condition.system in own]


def print_row(name: str, results_of_models: tuple[Result, ...]) -> None:
    """One row: what was tested, and UA ± deviation [interval] of every model."""
    condition = results_of_models[0].condition
    alone = ", clips alone" in condition.system
    print(f"| {name}{', clips alone' * alone} | {condition.test} | {condition.shots} |", end="")
    for result in results_of_models:
        mean, deviation = result.mean_and_deviation("ua")
        low, high = (result.interval.low, result.interval.high) if result.interval else (0, 1)
        print(
            f" {100 * mean:.1f} ± {100 * deviation:.1f} [{100 * low:.0f}, {100 * high:.0f}] |",
            end="",
        )
    print(flush=True)


if __name__ == "__main__":
    main()
