"""The command mdat-train."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from missing_packages import call_without
from toy_runs import TINY

import mdat_keras
from mdat_data import InputError
from mdat_train.classifiers import keras_classifier
from mdat_train.cli.train import main
from mdat_train.runs.condition import ADAPTED, HELD_OUT, QUERY, SOURCE, SUPPORT, TARGET
from mdat_train.runs.folder import read_run


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


def test_many_files_have_a_short_name(files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sources = [files / f"{name}.h5" for name in ("source", "target")]
    links = [tmp_path / f"{'x' * 90}{number}.h5" for number in range(2)]
    [link.symlink_to(source) for link, source in zip(links, sources, strict=True)]
    command = [f"--source={links[0]}", f"--target={links[1]}", "--model=svm", "--seeds=1"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert [path.name for path in (tmp_path / "runs").iterdir()] == [f"{'x' * 90}0-and-1-more-svm"]


def test_a_comma_in_the_name_of_a_file(invoke, files, tmp_path):
    (tmp_path / "a,b.h5").symlink_to(files / "source.h5")
    done = invoke(f"--source {tmp_path / 'a,b.h5'} --folds 2", model="svm")
    assert done.exit_code == 0, done.output
    assert read_run(tmp_path / "run").config.source == (tmp_path / "a,b.h5",)


def test_a_missing_package_is_named_with_the_way_to_get_it(files, tmp_path):
    arguments = ["--source", str(files / "source.h5"), "--out", str(tmp_path / "run")]
    done = call_without(("keras",), "mdat_train.cli.train", arguments)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "Error: the package keras is not installed. Install what the command needs: "
        'pip install "mdat-keras[train]"'
    )
    assert list(tmp_path.iterdir()) == []
