"""The command mdat-train with input that it cannot use, and when it is stopped."""

import os
from pathlib import Path
from typing import Any

import pytest
from full_disk import full_disk
from missing_packages import call_without

from mdat_train.classifiers.sklearn_classifier import SklearnClassifier
from mdat_train.runs import figures
from mdat_train.runs import folder as run_folder
from mdat_train.runs.claim import claimed
from mdat_train.runs.folder import read_run

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
    "mistyped class": (
        "--source source.h5 --classes angry,hapy",
        "source.h5 has no utterance of hapy (did you mean happy?); its emotions are angry, happy,",
    ),
    "mistyped merger": (
        "--source source.h5 --merge hapy=sad",
        "no file has hapy (did you mean happy?); the emotions are angry, happy, neutral, sad.",
    ),
    "a class of a hundred": (
        "--source hundred.h5 --classes word0,wrd42",
        "hundred.h5 has no utterance of wrd42 (did you mean word42?); its emotions are word0, "
        "word1, word10, word11, word12, word13, word14, word15, word16, word17 and 90 more.",
    ),
    "a merger of a hundred": ("--source hundred.h5 --merge x=word1", "word17 and 90 more."),
    "two mergers": (
        "--source source.h5 --merge sad=angry,sad=happy",
        "merge must have one value for each name; got sad=angry and sad=happy. Leave one of",
    ),
    "two values of a field": (
        "--source source.h5 --set units=1 --set units=2",
        "model_options must have one value for each name; got units=1 and units=2",
    ),
    **{
        f"{name} {value}": (f"--source source.h5 --{name} {value}", "must be a finite number; got")
        for name in ("learning-rate", "adapt-learning-rate", "memory")
        for value in ("nan", "inf")
    },
    "rate below zero": ("--source source.h5 --learning-rate=-inf", "not in the range x>0"),
    "a field that is no number": (
        "--source source.h5 --model mdat --set head_dropout=nan",
        "--set: head_dropout must be at least 0 and less than 1; got nan.",
    ),
    "a late seed": ("--source source.h5 --first-seed 4294967296", "first_seed must be at most"),
    "a late last seed": (
        "--source source.h5 --first-seed 4294967295 --seeds 2",
        "the last seed must be at most 4294967295; got first_seed 4294967295 and seeds 2. Lower",
    ),
    "a late seed of a choice": (
        "--source source.h5 --at-most-seed 4294967296",
        "at_most_seed must be at most 4294967295",
    ),
    "a number of thousands of digits": (
        f"--source source.h5 --target target.h5 --shots {'9' * 5000}",
        "must be whole numbers, such as 0,5,10; got '9999",
    ),
    "a name that is too long": (
        f"--source {'x' * 256}",
        "must have names of at most 255 bytes; got one of 256, xxxxxxxxxxxxxxxxxxxx…. Choose",
    ),
    "a path of Windows": (
        "--source C:\\caches\\source.h5",
        "must separate folders by / on this system; got the Windows path",
    ),
    "no target": ("--source source.h5 --target=", "must be the path of a file or folder"),
    "a comma between files that are missing": (
        "--source caches,2/source.h5",
        "must name files that exist; got 'caches,2/source.h5', which is none, and neither is its "
        "part 'caches'. Several files are separated by commas.",
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
        "are: projection=64, ",
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
    "unknown preset": (
        "--source source.h5 --preset big",
        "'big' is not one of 'base', 'wide', 'paper'",
    ),
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


OUTS = {
    "empty": ("", "'--out': must be the path of a file or folder"),
    "long": ("x" * 256, "'--out': must have names of at most 255 bytes"),
    "nearly too long": ("x" * 201, "it must have a name of at most 200 bytes. Choose another"),
    "proc": ("/proc/x", "/proc is not a writable folder. Choose another --out."),
    "Windows": ("C:\\runs\\a", "'--out': must separate folders by / on this system"),
    "file": ("source.h5", "'--out': Directory 'source.h5' is a file"),
    "here": (".", ". must not exist, but does. Choose another --out"),
}


@pytest.mark.parametrize(("out", "message"), OUTS.values(), ids=OUTS)
def test_a_folder_that_no_run_can_have_is_refused_before_training(
    invoke, files, monkeypatch, out, message
):
    monkeypatch.setattr(SklearnClassifier, "fit", lambda *_, **__: pytest.fail("trained"))
    before = sorted(files.iterdir())
    done = invoke("--source source.h5", out=out)
    assert done.exit_code == 2
    assert message in " ".join(done.output.split())
    assert sorted(files.iterdir()) == before


def test_a_folder_that_another_run_has_claimed_is_refused_before_training(
    invoke, tmp_path, monkeypatch
):
    monkeypatch.setattr(SklearnClassifier, "fit", lambda *_, **__: pytest.fail("trained"))
    with claimed(tmp_path / "run"):
        done = invoke("--source source.h5")
    assert done.exit_code == 2
    assert f"run is being written by another process (pid {os.getpid()} on " in done.output


def test_a_full_disk_costs_neither_the_scores_nor_the_predictions(invoke, tmp_path):
    with full_disk(20_000):
        done = invoke("--source source.h5 --folds 2")
    output = " ".join(done.output.split())
    assert done.exit_code == 2, done.output
    assert "chance 25.0 %" in output
    assert "run cannot be written: File too large. " in output
    assert "run-incomplete has its predictions, scores and history, without model" in output
    assert [path.name for path in tmp_path.iterdir()] == ["run-incomplete"]
    assert len(read_run(tmp_path / "run-incomplete").predictions[0].ids) == 40


def test_a_folder_that_appears_during_the_training_costs_nothing(invoke, tmp_path, monkeypatch):
    predict = SklearnClassifier.predict

    def appear(*arguments: Any) -> Any:
        (tmp_path / "run").mkdir(exist_ok=True)
        return predict(*arguments)

    monkeypatch.setattr(SklearnClassifier, "predict", appear)
    done = invoke("--source source.h5 --folds 2")
    assert done.exit_code == 0, done.output
    assert f"Written to {tmp_path / 'run-2'}" in done.output
    assert "run appeared while the run was trained" in done.output
    assert list((tmp_path / "run").iterdir()) == []


def test_a_figure_that_fails_is_a_warning(invoke, tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(figures, "_confusion", fail)
    done = invoke("--source source.h5 --folds 2")
    assert done.exit_code == 0
    assert "warning: a figure could not be drawn: ZeroDivisionError()" in done.output
    assert (tmp_path / "run" / "model.keras").exists()


@pytest.mark.skipif(os.name != "posix", reason="/dev/full")
def test_neither_keras_nor_output_that_can_be_printed_is_needed(files, tmp_path):
    arguments = f"--source {files / 'source.h5'} --model svm --seeds 1 --folds 2".split()
    with Path("/dev/full").open("w") as full:
        done = call_without(
            ("keras", "tensorflow"), "mdat_train.cli.train", arguments, cwd=tmp_path, stdout=full
        )
    assert (done.returncode, done.stderr) == (0, "")
    run = read_run(tmp_path / "runs" / "source-svm")
    assert run.metrics()
    assert run.config.model == "svm"


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
