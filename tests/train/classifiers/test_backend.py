"""The start of Keras."""

import json
import os
import subprocess
import sys

import pytest

from mdat_train.classifiers import backend

GENERATOR = """
import tensorflow as tf
next(iter(tf.data.Dataset.from_generator(lambda: [1], output_signature=tf.TensorSpec((), "int32"))))
"""
"""TensorFlow has a notice about its generators."""


def start(
    before: str = "", after: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    code = (
        f"import sys; {before}\nfrom mdat_train.classifiers import backend; backend.start(); "
        "print(sys.modules['keras'].backend.backend()); print('still here', file=sys.stderr)"
        f"\n{after}"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | environment,
    )


def test_a_start_that_fails_shows_the_reason():
    done = start("sys.modules['keras'] = None")
    assert done.returncode == 1
    assert "No module named 'keras'" in done.stderr or "import of keras halted" in done.stderr


def test_a_start_is_silent_and_restores_standard_error():
    done = start(after=GENERATOR)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "tensorflow\n"
    assert done.stderr == "still here\n"


def test_later_notices_are_shown_to_those_who_ask_for_them():
    assert ".cc:" in start(after=GENERATOR, TF_CPP_MIN_LOG_LEVEL="0").stderr


@pytest.mark.parametrize("missing", ["keras", "tensorflow"])
def test_a_missing_package_is_found_without_an_import(missing, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    backend.find()
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ModuleNotFoundError) as found:
        backend.find()
    assert found.value.name == missing


@pytest.mark.parametrize(
    ("settings", "expected"),
    [(None, "tensorflow"), ("{", "tensorflow"), ("{}", "tensorflow"), ("torch", "torch")],
)
def test_the_backend_is_known_without_keras(settings, expected, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    if settings:
        text = settings if "{" in settings else json.dumps({"backend": settings})
        (tmp_path / "keras.json").write_text(text)
    assert backend.name() == expected
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert backend.name() == "jax"
