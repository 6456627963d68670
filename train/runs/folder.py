"""A run on the disk."""

import csv
import json
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from mdat_data import InputError
from mdat_train.runs.run import Condition, Predictions, Result, Run, Training
from mdat_train.splits.folds import Split

COLUMNS = ("system", "test", "shots", "seed", "draw", "id", "speaker", "truth", "predicted")


def write_run(run: Run, folder: Path) -> None:
    """Write a run: configuration, provenance, splits, warnings, history, predictions and scores.

    Args:
        run: What to write.
        folder: An existing, empty folder.
    """
    _write_json(folder / "config.json", dict(run.config) | {"classes": run.classes})
    _write_json(folder / "size.json", {"utterances": run.utterances, "parameters": run.parameters})
    _write_json(folder / "provenance.json", run.provenance)
    _write_json(folder / "splits.json", {t.name: asdict(t.split) for t in run.trainings})
    _write_json(folder / "warnings.json", {t.name: t.warnings for t in run.trainings})
    _write_json(folder / "history.json", {t.name: t.history for t in run.trainings})
    _write_json(folder / "scores.json", [_scores(result) for result in run.results()])
    _write_predictions(run, folder / "predictions.csv")


def read_run(folder: Path) -> Run:
    """Read a run, so that any score can be computed again, or a new one.

    Args:
        folder: Written by `write_run`.

    Returns:
        The run.

    Raises:
        InputError: The folder is not that of a run.
    """
    try:
        config, size, provenance, splits, warnings, history = (
            json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            for name in ("config", "size", "provenance", "splits", "warnings", "history")
        )
        predictions = _read_predictions(folder / "predictions.csv", config["classes"])
    except FileNotFoundError as error:
        raise InputError(
            f"{folder} must be the folder of a run, but lacks {Path(error.filename).name}. "
            "Make one with mdat-train."
        ) from None
    return Run(
        config=config,
        provenance=provenance,
        classes=tuple(config["classes"]),
        **size,
        trainings=[
            Training(
                name=name,
                split=Split(**{part: tuple(ids) for part, ids in split.items()}),
                history=tuple(history[name]),
                warnings=tuple(warnings[name]),
            )
            for name, split in splits.items()
        ],
        predictions=predictions,
    )


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _scores(result: Result) -> dict[str, Any]:
    means = {name: result.mean_and_deviation(name) for name in ("ua", "wa", "macro_f1")}
    return asdict(result.condition) | {
        "runs": len(result.scores),
        **{name: {"mean": mean, "std": std} for name, (mean, std) in means.items()},
        "ua_interval_95": asdict(result.interval) if result.interval else None,
        "speakers": result.speakers,
        "chance": result.chance,
        "undefined_classes": sorted({c for s in result.scores for c in s.undefined}),
        "per_run": [asdict(s) for s in result.scores],
    }


def _write_predictions(run: Run, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow((*COLUMNS, *(f"p_{name}" for name in run.classes)))
        for p in run.predictions:
            c = p.condition
            of_all = (c.system, c.test, c.shots, p.seed, "" if p.draw is None else p.draw)
            names = (run.classes[i] for i in p.truth), (run.classes[i] for i in p.predicted)
            for *of_one, row in zip(p.ids, p.speakers, *names, p.probabilities, strict=True):
                table.writerow((*of_all, *of_one, *(f"{value:.9g}" for value in row)))


def _read_predictions(path: Path, classes: list[str]) -> list[Predictions]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    predictions = []
    for (system, test, shots, seed, draw), group in groupby(
        rows, key=lambda row: tuple(row[name] for name in COLUMNS[:5])
    ):
        members = list(group)
        predictions.append(
            Predictions(
                condition=Condition(system=system, test=test, shots=int(shots)),
                seed=int(seed),
                draw=int(draw) if draw else None,
                ids=tuple(row["id"] for row in members),
                speakers=tuple(row["speaker"] for row in members),
                truth=np.array([classes.index(row["truth"]) for row in members]),
                probabilities=np.array(
                    [[float(row[f"p_{name}"]) for name in classes] for row in members], np.float32
                ),
            )
        )
    return predictions
