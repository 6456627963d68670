"""The command mdat-train."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import pytest
from click.testing import CliRunner, Result
from missing_packages import call_without
from toy_features import modality, selection, utterance, utterances, write_features
from toy_runs import TINY

import mdat_keras
from mdat_data import InputError
from mdat_train.classifiers import keras_classifier
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier
from mdat_train.cli.train import main
from mdat_train.runs import folder as run_folder
from mdat_train.runs.condition import ADAPTED, HELD_OUT, QUERY, SOURCE, SUPPORT, TARGET
from mdat_train.runs.folder import read_run

SOURCES = selection(utterances(speakers=5, clips=2))
TARGETS = selection(utterances(speakers=6, clips=3), seed=1)
OTHER_WAYS = {
    "encoder": modality("speech", encoder="nose"),
    "revision": modality("text", revision="2"),
    "precision": modality("speech", precision="bfloat16"),
    "crop": modality("speech", crop=5.0),
    "layers": modality("speech", layers=("last",)),
    "texts": modality("text", layers=("3", "last")),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Features files that are right, and others that are not."""
    folder = tmp_path_factory.mktemp("files")
    source = write_features(folder / "source.h5", SOURCES)
    write_features(folder / "target.h5", TARGETS)
    lonely = [utterance(f"{u.id}", u.emotion, "she") for u in SOURCES.utterances]
    write_features(folder / "lonely.h5", selection(lonely))
    for name, provenance in OTHER_WAYS.items():
        write_features(folder / f"{name}.h5", TARGETS, provenance=provenance)
    (folder / "truncated.h5").write_bytes(source.read_bytes()[:2000])
    (folder / "text.h5").write_text("id,audio,emotion,speaker\n")
    h5py.File(folder / "foreign.h5", "w").close()
    (folder / "version.h5").write_bytes(source.read_bytes())
    with h5py.File(folder / "version.h5", "a") as file:
        file.attrs["version"] = 7
    return folder


Invoke = Callable[..., Result]


@pytest.fixture
def invoke(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Call the command in the folder of the features files, with `--out run` in another folder."""
    monkeypatch.chdir(files)

    def _invoke(arguments: str, **options: str) -> Result:
        options = {"model": "linear", "seeds": "1", "out": str(tmp_path / "run")} | options
        first = [f"--{name}={value}" for name, value in options.items()]
        return CliRunner().invoke(main, first + arguments.split())

    return _invoke


def test_within_a_corpus(invoke, tmp_path):
    done = invoke("--source source.h5 --folds 3")
    assert done.exit_code == 0, done.output
    assert "source: 40 utterances of 5 speakers (angry 10, happy 10" in done.output
    assert "speech layer 12, text layer last, normalisation train" in done.output
    assert "chance 25.0 %" in done.output
    assert f"Written to {tmp_path / 'run'}" in done.output
    assert read_run(tmp_path / "run").config.folds == 3
    assert (tmp_path / "run" / "model.keras").stat().st_size > 0
    assert "cannot be saved" not in done.output


@pytest.mark.parametrize("shots", ["--shots 0,5", "--shots 5 --shots 0", "--shots 5"])
def test_across_with_shots(invoke, tmp_path, shots):
    done = invoke(f"--source source.h5 --target target.h5 --shot-draws 2 {shots}", model="svm")
    assert done.exit_code == 0, done.output
    conditions = [
        (c.model, c.trained_on, c.tested_on, c.shots)
        for c in read_run(tmp_path / "run").conditions()
    ]
    assert conditions == [
        ("svm", SOURCE, TARGET, 0),
        ("svm", SOURCE, QUERY, 0),
        ("svm", ADAPTED, QUERY, 5),
        ("svm", SUPPORT, QUERY, 5),
        ("linear", SUPPORT, QUERY, 5),
    ]
    assert "SVM, support only" in done.output and "linear, support only" in done.output
    assert not [word for word in ("clip", "system") if word in done.output]
    assert "test speakers are in the training set too" not in done.output


def test_a_model_that_cannot_be_saved_is_named(invoke, tmp_path):
    done = invoke("--source source.h5 --folds 2", model="svm")
    assert "svm cannot be saved as a Keras model: there is no model.keras" in done.output
    assert not list((tmp_path / "run").glob("model.*"))


def test_speakers_on_both_sides_are_warned_of(invoke):
    done = invoke("--source source.h5 --target target.h5 --split random --shots 5")
    assert "test speakers are in the training set too" in done.output


@pytest.fixture
def tiny_preset(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(mdat_keras.PRESETS, "base", TINY)


def test_mdat_from_the_command(invoke, tmp_path, tiny_preset):
    many = "--merge happy=angry --classes angry,sad --frames 8 --disable graph,co --batch-size 20"
    done = invoke(f"--source source.h5 --target target.h5 --epochs 1 {many}", model="mdat")
    assert done.exit_code == 0, done.output
    config = read_run(tmp_path / "run").config
    assert config.merge == (("happy", "angry"),)
    assert (config.classes, config.disable) == (("angry", "sad"), ("graph", "co"))
    assert (tmp_path / "run" / "model.keras").stat().st_size > 0


def test_fields_of_the_network_are_set(invoke, monkeypatch):
    found = []

    def record(model: Any, *_: object) -> None:
        found.append(model)
        raise InputError("stop")

    monkeypatch.setattr(keras_classifier, "KerasClassifier", record)
    done = invoke(
        "--source source.h5 --set graph_heads=2 --set units=none,scale=false", model="mdat"
    )
    assert "Error: stop" in done.output
    (model,) = found
    assert (model.graph_heads, model.units, model.scale) == (2, None, False)


@pytest.mark.parametrize(("option", "layer"), [("", "last"), ("--text-layer 3", "3")])
def test_the_text_layer_is_chosen(invoke, tmp_path, option, layer):
    done = invoke(f"--source texts.h5 --folds 2 {option}")
    assert done.exit_code == 0, done.output
    assert f"text layer {layer}" in done.output
    assert read_run(tmp_path / "run").config.text_layer == layer
    description = json.loads((tmp_path / "run" / "model.json").read_text())
    assert description["text"]["layer"] == layer


def test_one_random_split(invoke, tmp_path):
    done = invoke("--source target.h5 --split 80-20 --first-seed 4", seeds="2")
    assert done.exit_code == 0, done.output
    predictions = read_run(tmp_path / "run").predictions
    assert [(p.condition.tested_on, p.seed, len(p.ids)) for p in predictions] == [
        (HELD_OUT, 4, 15),
        (HELD_OUT, 5, 15),
    ]


def test_the_folder_is_named_after_the_files_and_numbered(files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = f"--source {files / 'source.h5'} --model linear --seeds 1 --folds 2".split()
    outputs = [CliRunner().invoke(main, command).output.splitlines()[-1] for _ in range(2)]
    assert outputs == ["Written to runs/source-linear", "Written to runs/source-linear-2"]


BAD = {
    "missing file": (
        "--source absent.h5",
        "absent.h5: expected a features file, but it is missing",
    ),
    "missing target": (
        "--source source.h5 --target no.h5",
        "no.h5: expected a features file, but it is missing",
    ),
    "a folder": ("--source .", "expected a features file"),
    "not HDF5": ("--source text.h5", "expected a features file (HDF5)"),
    "not ours": ("--source foreign.h5", "foreign.h5: expected a features file (format mdat-"),
    "truncated": ("--source truncated.h5", "it was cut short"),
    "other version": ("--source version.h5", "expected version 1 of the format, but got version 7"),
    "absent class": (
        "--source source.h5 --classes angry,fear",
        "source.h5 has no utterance of fear; its emotions are angry, happy, neutral, sad",
    ),
    "one class": ("--source source.h5 --classes sad", "at least two emotions"),
    "more shots than utterances": (
        "--source source.h5 --target target.h5 --shots 50",
        "--shots needs a pool of 50 utterances of each emotion of the target (the largest number "
        "of shots, at least 15), and one more to test on; angry has 18",
    ),
    "too few utterances for a pool": (
        "--source target.h5 --target source.h5 --shots 1",
        "needs a pool of 15 utterances",
    ),
    "one speaker": ("--source lonely.h5", "needs at least 5 groups (speakers or sessions)"),
    "fewer utterances than folds": ("--source source.h5 --split random --folds 11", "angry has 10"),
    "other encoder": (
        "--source source.h5 --target encoder.h5",
        "speech encoder: ear in source.h5, nose in encoder.h5",
    ),
    "other revision": ("--source source.h5 --target revision.h5", "text revision: 1 in source.h5"),
    "other precision": ("--source source.h5 --target precision.h5", "bfloat16 in precision.h5"),
    "other crop": ("--source source.h5,crop.h5", "speech crop: 30.0 in source.h5, 5.0 in crop.h5"),
    "other layers to mix": (
        "--source source.h5 --target layers.h5 --speech-layer mix",
        "speech layers: 12, last in source.h5, last in layers.h5",
    ),
    "unknown layer": ("--source source.h5 --speech-layer 7", "its layers are 12, last. Choose one"),
    "layer of one file": (
        "--source source.h5 --target layers.h5 --speech-layer 12",
        "layers.h5 has no layer 12",
    ),
    "the source as target": (
        "--source source.h5 --target source.h5",
        "must have different recordings; got 40 that are in both",
    ),
    "shots without a target": ("--source source.h5 --shots 5", "but --target is missing"),
    "merger of nothing": ("--source source.h5 --merge boredom=sad", "no file has boredom"),
    "unknown text layer": (
        "--source texts.h5 --text-layer 7",
        "texts.h5 has no layer 7 of the text encoder; its layers are 3, last",
    ),
    "text layer of one file": (
        "--source texts.h5 --target source.h5 --text-layer 3",
        "source.h5 has no layer 3 of the text encoder",
    ),
    "unknown field": (
        "--source source.h5 --model mdat --set graph_head=2",
        "--set must name a field of MDATConfig; got 'graph_head'. The fields, with their defaults, "
        "are: projection=256, ",
    ),
    "field of other options": (
        "--source source.h5 --model mdat --set classes=2",
        "--set must name a field of MDATConfig; got 'classes'",
    ),
    "field of another type": (
        "--source source.h5 --model mdat --set graph_heads=two",
        "--set graph_heads must be a value of type int; got 'two'",
    ),
    "field of a wrong value": (
        "--source source.h5 --model mdat --set graph_heads=0",
        "--set: graph_heads must be",
    ),
    "field without a value": (
        "--source source.h5 --model mdat --set graph_heads",
        "must be pairs, such as graph_heads=4; got 'graph_heads'",
    ),
    "field of no network": (
        "--source source.h5 --set graph_heads=2",
        "but --model is linear, which has none",
    ),
    "modules of another model": ("--source source.h5 --disable co", "but --model is linear"),
    "80-20 with a target": (
        "--source source.h5 --target target.h5 --split 80-20",
        "--split 80-20 divides a corpus within itself, but there is a --target",
    ),
    "ablation of another model": (
        "--source source.h5 --ablation all",
        "leave --model and --disable out",
    ),
    "unknown ablation": (
        "--source source.h5 --ablation 8",
        "must be one or more of all, 1, 2, 3, 4, 5, 6, 7; got '8'",
    ),
    "unknown module": (
        "--source source.h5 --disable head",
        "must be one or more of graph, co, transformer; got 'head'",
    ),
    "shots that are no number": (
        "--source source.h5 --target target.h5 --shots five",
        "must be whole numbers, such as 0,5,10; got 'five'",
    ),
    "negative shots": ("--source source.h5 --target target.h5 --shots -5", "whole numbers"),
    "merger that is no pair": ("--source source.h5 --merge boredom", "must be pairs, such as"),
    "an empty word": (
        "--source source.h5 --classes angry,,sad",
        "separated by commas; got 'angry,,sad'",
    ),
    "an empty source": ("--source=", "separated by commas; got ''"),
    "unknown preset": ("--source source.h5 --preset big", "'big' is not one of 'base', 'paper'"),
    "no source": ("--target target.h5", "Missing option '--source'"),
}


@pytest.mark.parametrize(("arguments", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_named_and_nothing_is_written(invoke, files, tmp_path, arguments, message):
    before = sorted(files.iterdir())
    done = invoke(arguments)
    assert done.exit_code == 2
    assert message in " ".join(done.output.split()), done.output
    assert list(tmp_path.iterdir()) == []
    assert sorted(files.iterdir()) == before


def test_an_existing_folder_is_left_alone(invoke, tmp_path):
    (tmp_path / "run").mkdir()
    done = invoke("--source source.h5")
    assert done.exit_code == 2
    assert "run must not exist, but does. Choose another --out, or remove it." in " ".join(
        done.output.split()
    )
    assert list((tmp_path / "run").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_refused_before_training(invoke, tmp_path):
    (tmp_path / "file").touch()
    done = invoke("--source source.h5", out=str(tmp_path / "file" / "run"))
    assert done.exit_code == 2
    assert "is not a writable folder" in done.output


@pytest.mark.parametrize(
    ("owner", "name"),
    [(SklearnClassifier, "fit"), (SklearnClassifier, "predict"), (run_folder, "draw_figures")],
)
def test_an_interruption_leaves_nothing(invoke, tmp_path, monkeypatch, owner, name):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(owner, name, interrupted)
    done = invoke("--source source.h5")
    assert done.exit_code == 130
    assert "interrupted. Nothing was written; the same command starts again." in done.output
    assert "Traceback" not in done.output
    assert list(tmp_path.iterdir()) == []


def test_any_other_error_keeps_its_traceback(invoke, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(SklearnClassifier, "fit", broken)
    assert isinstance(invoke("--source source.h5").exception, ZeroDivisionError)


def test_a_missing_package_is_named_with_the_way_to_get_it(files, tmp_path):
    arguments = ["--source", str(files / "source.h5"), "--out", str(tmp_path / "run")]
    done = call_without(("keras",), "mdat_train.cli.train", arguments)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "Error: the package keras is not installed. Install what the command needs: "
        'pip install "mdat-keras[train]"'
    )
    assert list(tmp_path.iterdir()) == []


def test_a_model_without_epochs_needs_no_keras(files, tmp_path):
    arguments = [f"--source={files / 'source.h5'}", f"--out={tmp_path / 'run'}"]
    arguments += ["--model=svm", "--seeds=1", "--folds=2"]
    done = call_without(("keras", "tensorflow"), "mdat_train.cli.train", arguments)
    assert done.returncode == 0, done.stderr
    assert read_run(tmp_path / "run").config.model == "svm"
