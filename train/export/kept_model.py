"""The files of the model of a run."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mdat_train.classifiers import backend
from mdat_train.evaluation.calibration import Calibration
from mdat_train.export.description import description, streams_of
from mdat_train.export.learned import Learned
from mdat_train.export.model_card import model_card
from mdat_train.inputs.scaling import Statistics
from mdat_train.runs.records import write_json
from mdat_train.runs.run import Run, Written


class ExportError(Exception):
    """The ONNX model does not give the numbers of the Keras model."""


@dataclass(frozen=True, kw_only=True)
class TrainedModel:
    """A trained model with what its run does not record; see `KeptModel`.

    Attributes:
        save: Writes a `.keras` file.
        learned: What it learned from.
        calibration: Its temperature; None where there is none.
    """

    save: Callable[[Path], None]
    learned: Learned
    calibration: Calibration | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Temperature and calibration error, for the summary."""
        of = self.calibration
        if of is None:
            return ()
        note = (
            f"temperature of the model {of.temperature:.2f}, fitted on {of.fitted_on}: calibration "
            f"error {of.after.calibration_error:.3f} instead of {of.before.calibration_error:.3f}, "
            f"negative log likelihood {of.after.nll:.3f} instead of {of.before.nll:.3f}"
        )
        return (note, f"warning: {of.warning}") if of.warning else (note,)

    def write(self, run: Run, folder: Path, *, export: bool) -> Written:
        """Write model.keras, model.json, MODEL_CARD.md, reliability.png and model.onnx."""
        backend.start()  # a model without epochs was trained without Keras
        self.save(folder / "model.keras")
        described = description(run, self.learned, self.calibration)
        write_json(folder / "model.json", described)
        card = model_card(run, described)
        (folder / "MODEL_CARD.md").write_text(card, encoding="utf-8")
        warnings = self._draw(folder / "reliability.png")
        if not export:
            return Written(warnings=warnings)
        if backend.name() != backend.EXPORTER:
            return Written(warnings=(*warnings, _later(run)))
        try:
            onnx = onnx_file(folder / "model.keras", run, described, self.learned.statistics)
            (folder / "model.onnx").write_bytes(onnx)
        except Exception as error:  # of any kind: a training is worth more than its export
            (folder / "model.onnx").unlink(missing_ok=True)
            return Written(warnings=warnings, failure=_failed(run, error))
        return Written(warnings=warnings)

    def _draw(self, path: Path) -> tuple[str, ...]:
        """Draw the reliability diagram; returns why it could not be drawn."""
        if self.calibration is None:
            return ()
        try:
            from mdat_train.export.reliability_diagram import reliability_diagram

            reliability_diagram(self.calibration).savefig(path, dpi=150)
        except Exception as error:  # as for the other figures
            path.unlink(missing_ok=True)
            return (f"a figure could not be drawn: {error!r}",)
        return ()


def onnx_file(
    saved: Path,
    run: Run,
    described: Mapping[str, Any],
    statistics: Mapping[str, Statistics],
) -> bytes:
    """Convert a saved model, and compare the two.

    Args:
        saved: The `.keras` file.
        run: The run of the model.
        described: Becomes the metadata `model.json` of the ONNX file.
        statistics: Of the features of each stream, by its name.

    Returns:
        The content of the ONNX file.

    Raises:
        ExportError: The two models differ.
    """
    backend.start()
    from mdat_train.export.onnx_check import difference
    from mdat_train.export.onnx_model import load_with_attention, to_onnx

    model = load_with_attention(saved, streams_of(run))
    metadata = {"model.json": json.dumps(described, ensure_ascii=False, default=str)}
    made = to_onnx(model, metadata)
    if different := difference(made, model, statistics):
        raise ExportError(different)
    return bytes(made.SerializeToString())


def _later(run: Run) -> str:
    return (
        f"there is no model.onnx, because Keras runs on {backend.name()}. "
        f"KERAS_BACKEND={backend.EXPORTER} mdat-train --export {run.config.out} writes it."
    )


def _failed(run: Run, error: Exception) -> str:
    reason = str(error) if isinstance(error, ExportError) else repr(error)
    return (
        f"model.onnx could not be written: {reason}. Everything else is kept; "
        f"mdat-train --export {run.config.out} tries again."
    )
