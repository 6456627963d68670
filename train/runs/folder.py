"""The folder of a run: writing and reading."""

import csv
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from mdat_data import InputError
from mdat_data.process import checksum
from mdat_data.process.checksum import write_checksum
from mdat_data.process.output import numbered, whole_folder
from mdat_data.splits.split import Split
from mdat_train.adaptation import Choice
from mdat_train.config import AnyPath
from mdat_train.runs.figures import draw_figures
from mdat_train.runs.labels import scale_label
from mdat_train.runs.predictions import read_table, write_table
from mdat_train.runs.records import config_from_json, metrics_record, write_json
from mdat_train.runs.run import Run, Training, Written

CHOICES = "choices.json"
READ = (
    *("config.json", "size.json", "provenance.json", "splits.json", "warnings.json"),
    *("history.json", "predictions.csv"),
)
"""The files that are read again. Others, such as figures, may be removed."""

PART = "its predictions, scores and history, without model and figures"


@dataclass(frozen=True, kw_only=True)
class Saved:
    """Where a run was written.

    Attributes:
        folder: Its folder.
        warnings: What is not as the user expects: another folder, or a missing figure.
        failure: Why there is no `model.onnx` although there should be one; empty where all is well.
    """

    folder: Path
    warnings: tuple[str, ...] = ()
    failure: str = ""


def save_run(run: Run, out: Path, *, export: bool = True) -> Saved:
    """Write a run with its model and its figures.

    A finished training is not lost. If `out` appeared meanwhile, the run is written beside it. If
    not everything can be written, its records are; if not there, then in the folder for temporary
    files.

    Args:
        run: The run.
        out: The folder, which appears whole or not at all.
        export: Write `model.onnx` too, where the run has a model.

    Returns:
        Where the run is.

    Raises:
        InputError: The folder cannot be written. The message says what was kept where.
    """
    try:
        return _save_beside(run, out, export)
    except Exception as error:
        kept = _rescued(run, out, export)
        if not isinstance(error, OSError):
            error.add_note(kept)
            raise
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise InputError(f"{out} cannot be written: {reason}. {kept}") from error


def _save_beside(run: Run, out: Path, export: bool) -> Saved:
    """Write a run to its folder or, if that appears meanwhile, to one with a number."""
    for folder in numbered(out):
        try:
            saved = _save(run, folder, export)
        except FileExistsError:
            if not os.path.lexists(folder):
                raise
            continue
        if folder != out:
            moved = f"{out} appeared while the run was trained"
            return replace(saved, warnings=(moved, *saved.warnings))
        return saved
    raise ValueError("there is always another number")


def _save(run: Run, out: Path, export: bool) -> Saved:
    """Write everything."""
    run = replace(run, config=replace(run.config, out=out))
    written = Written()
    with whole_folder(out) as folder:
        write_records(run, folder)
        if run.model is not None:
            written = run.model.write(run, folder, export=export)
        warnings = _draw(run, folder)
        write_checksum(folder)
    return Saved(folder=out, warnings=(*written.warnings, *warnings), failure=written.failure)


def _draw(run: Run, folder: Path) -> list[str]:
    """Draw the figures; returns which could not be drawn, for none is worth a run."""
    try:
        draw_figures(run, folder)
    except Exception as error:
        failed = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
        return [f"a figure could not be drawn: {reason!r}" for reason in failed]
    return []


def _rescued(run: Run, out: Path, export: bool) -> str:
    """Write of a run what can be written, and say where it is."""
    elsewhere = Path(tempfile.gettempdir()) / out.name
    tries = (
        (out.with_name(f"{out.name}-incomplete"), _save_records, PART),
        (elsewhere, partial(_save, export=export), "the whole run"),
        (elsewhere.with_name(f"{out.name}-incomplete"), _save_records, PART),
    )
    for place, save, what in tries:
        folder = next(path for path in numbered(place) if not os.path.lexists(path))
        with suppress(Exception):  # that of the first attempt is reported
            save(run, folder)
            return f"{folder} has {what}. Make room and repeat the command for the rest."
    return "Nothing could be kept. Make room and repeat the command."


def _save_records(run: Run, out: Path) -> None:
    with whole_folder(out) as folder:
        write_records(run, folder)
        write_checksum(folder)


def write_records(run: Run, folder: Path) -> None:
    """Write predictions, configuration, provenance, splits, warnings, history and metrics.

    Args:
        run: The run.
        folder: An existing, empty folder.
    """
    write_table(run.predictions, folder / "predictions.csv")
    config = asdict(run.config) | {"classes": run.classes}
    write_json(folder / "config.json", config)
    write_json(folder / "size.json", {"utterances": run.utterances, "parameters": run.parameters})
    write_json(folder / "provenance.json", run.provenance)
    write_json(folder / "splits.json", {t.name: vars(t.split) for t in run.trainings})
    write_json(folder / "warnings.json", {t.name: t.warnings for t in run.trainings})
    write_json(folder / "history.json", {t.name: t.history for t in run.trainings})
    scores = [
        metrics_record(of) | {"scale": scale_label(run.config, of.condition)}
        for of in run.metrics()
    ]
    write_json(folder / "scores.json", scores)
    if run.choices:
        write_json(folder / CHOICES, {name: asdict(of) for name, of in run.choices.items()})


def read_run(folder: AnyPath) -> Run:
    """Read a run, so that any metric can be computed again.

    Args:
        folder: The folder of a run.

    Returns:
        The run, without its model.

    Raises:
        InputError: It is not the folder of a run, or it is damaged.
    """
    folder = Path(folder)
    if checksum.exists(folder) and (damage := checksum.damage(folder, READ)):
        raise _damaged(folder, damage)
    try:
        return _read(folder)
    except FileNotFoundError as error:
        raise InputError(
            f"{folder} must be the folder of a run, but {Path(error.filename).name} is missing. "
            "Make one with mdat-train."
        ) from None
    except InputError:
        raise
    except (AttributeError, LookupError, OSError, TypeError, ValueError, csv.Error) as error:
        raise _damaged(folder, repr(error)) from error


def _damaged(folder: Path, how: str) -> InputError:
    return InputError(
        f"{folder} must be a run as it was written, but it is damaged: {how}. Restore it from a "
        "copy, or make it again."
    )


def _read(folder: Path) -> Run:
    config, size, provenance, splits, warnings, history = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("config", "size", "provenance", "splits", "warnings", "history")
    )
    predictions = read_table(folder / "predictions.csv", config["classes"])
    choices = folder / CHOICES  # of `--adaptation auto` only
    chosen = json.loads(choices.read_text(encoding="utf-8")) if choices.exists() else {}
    return Run(
        config=config_from_json(config),
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
        choices={name: Choice(**of) for name, of in chosen.items()},
        predictions=predictions,
    )
