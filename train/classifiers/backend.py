"""Starts Keras and its backend."""

import json
import logging
import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

EXPORTER = "tensorflow"
"""The backend whose models can be exported with open lengths."""

EXPORTING = ("onnx", "onnxruntime", "tf2onnx")
"""The packages that export them."""


def name() -> str:
    """Name of Keras' backend, as its environment variable or its settings file gives it.

    Keras itself is not imported, which takes seconds.
    """
    if named := os.environ.get("KERAS_BACKEND"):
        return named
    settings = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "keras.json"
    try:
        return str(json.loads(settings.read_text(encoding="utf-8"))["backend"])
    except (OSError, ValueError, KeyError):  # Keras ignores a damaged file too
        return "tensorflow"


def find(*, export: bool = False) -> None:
    """Find out whether Keras and its backend are installed, without importing them.

    Args:
        export: Also look for the packages that export a model, where the backend can.

    Raises:
        ModuleNotFoundError: One of them is missing.
    """
    exporting = EXPORTING if export and name() == EXPORTER else ()
    for package in ("keras", name(), *exporting):
        if find_spec(package) is None:
            raise ModuleNotFoundError(f"No module named {package!r}", name=package)


def start() -> None:
    """Import Keras and initialise its device without the messages of TensorFlow.

    TensorFlow writes them to standard error on every machine, some as errors although nothing is
    wrong. Those of the start cannot be turned off, and are shown where it fails; of the later ones,
    those that end the process are left. What goes wrong raises an exception in any case.
    `TF_CPP_MIN_LOG_LEVEL=0` in the environment shows all of the later ones.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # It also warns when a model is traced for several shapes of a batch; there are a few dozen.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as messages:
        os.dup2(messages.fileno(), 2)
        try:
            import keras

            keras.ops.zeros(())
        except BaseException:
            messages.seek(0)
            os.write(stderr, messages.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
