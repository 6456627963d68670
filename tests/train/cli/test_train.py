"""The command mdat-train."""

import dataclasses
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import h5py
import pytest
from click.testing import CliRunner, Result
from toy_features import modality, selection, utterance, utterances, write_features
from toy_runs import TINY

import mdat_keras
from mdat_train.classifiers.sklearn_classifier import Baseline
from mdat_train.cli.options import PRESETS
from mdat_train.cli.train import PACKAGES, main
from mdat_train.config import TrainConfig
from mdat_train.experiments import pipeline
from mdat_train.runs.folder import read_run

SOURCE = selection(utterances(speakers=5, clips=2))
TARGET = selection(utterances(speakers=6, clips=3), seed=1)
OTHER_WAYS = {
    "encoder": modality("speech", encoder="nose"),
    "revision": modality("text", revision="2"),
    "precision": modality("speech", precision="bfloat16"),
    "crop": modality("speech", crop=5.0),
    "layers": modality("speech", layers=("last",)),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Features files that are right, and others that are not."""
    folder = tmp_path_factory.mktemp("files")
    source = write_features(folder / "source.h5", SOURCE)
    write_features(folder / "target.h5", TARGET)
    lonely = [utterance(f"{u.id}", u.emotion, "she") for u in SOURCE.utterances]
    write_features(folder / "lonely.h5", selection(lonely))
    for name, provenance in OTHER_WAYS.items():
        write_features(folder / f"{name}.h5", TARGET, provenance=provenance)
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
    """Call the command where the features files lie, with `--out run` in a folder of its own."""
    monkeypatch.chdir(files)

    def _invoke(arguments: str, **options: str) -> Result:
        options = {"model": "linear", "seeds": "1", "out": str(tmp_path / "run")} | options
        rest = [f"--{name}={value}" for name, value in options.items()]
        return CliRunner().invoke(main, arguments.split() + rest)

    return _invoke


def test_within_and_what_is_told(invoke, tmp_path):
    done = invoke("--source source.h5 --folds 3")
    assert done.exit_code == 0, done.output
    assert "source: 40 utterances of 5 speakers (angry 10, happy 10" in done.output
    assert "speech layer 12, normalisation train" in done.output
    assert "chance 25.0 %" in done.output
    assert f"Written to {tmp_path / 'run'}" in done.output
    assert read_run(tmp_path / "run").config["folds"] == 3


@pytest.mark.parametrize("shots", ["--shots 0,5", "--shots 5 --shots 0", "--shots 5"])
def test_across_with_shots(invoke, tmp_path, shots):
    done = invoke(f"--source source.h5 --target target.h5 --shot-draws 2 {shots}", model="svm")
    assert done.exit_code == 0, done.output
    conditions = [(c.system, c.test, c.shots) for c in read_run(tmp_path / "run").conditions()]
    assert conditions == [
        ("svm", "target", 0),
        ("svm", "query", 0),
        ("svm", "query", 5),
        ("svm, clips alone", "query", 5),
        ("linear, clips alone", "query", 5),
    ]
    assert "test speakers are heard in training too" not in done.output


def test_clips_of_all_speakers_are_warned_of(invoke):
    done = invoke("--source source.h5 --target target.h5 --split random --shots 5")
    assert "test speakers are heard in training too" in done.output


@pytest.fixture
def tiny_preset(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(mdat_keras.PRESETS, "base", TINY)


def test_mdat_from_the_command(invoke, tmp_path, tiny_preset):
    many = "--merge happy=angry --classes angry,sad --frames 8 --disable graph,co --batch-size 20"
    done = invoke(f"--source source.h5 --target target.h5 --epochs 1 {many}", model="mdat")
    assert done.exit_code == 0, done.output
    config = read_run(tmp_path / "run").config
    assert config["merge"] == [["happy", "angry"]]
    assert (config["classes"], config["disable"]) == (["angry", "sad"], ["graph", "co"])
    assert (tmp_path / "run" / "model.keras").stat().st_size > 0


def test_ablation_from_the_command(invoke, tmp_path, tiny_preset):
    done = invoke("--source source.h5 --folds 2 --epochs 1 --ablation 5,6", model="mdat")
    assert done.exit_code == 0, done.output
    assert "| model | graph | co | transformer | parameters |" in done.output
    folders = [path.name for path in sorted((tmp_path / "run").iterdir())]
    assert folders == ["ablation.md", "model_1", "model_5", "model_6"]
    assert (tmp_path / "run" / "ablation.md").read_text() in done.output


def test_one_random_division(invoke, tmp_path):
    done = invoke("--source target.h5 --split 80-20 --first-seed 4", seeds="2")
    assert done.exit_code == 0, done.output
    predictions = read_run(tmp_path / "run").predictions
    assert [(p.condition.test, p.seed, len(p.ids)) for p in predictions] == [
        ("20 %", 4, 15),
        ("20 %", 5, 15),
    ]


def test_the_folder_is_named_after_the_files_and_numbered(files, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = f"--source {files / 'source.h5'} --model linear --seeds 1 --folds 2".split()
    outputs = [CliRunner().invoke(main, command).output.splitlines()[-1] for _ in range(2)]
    assert outputs == ["Written to runs/source-linear", "Written to runs/source-linear-2"]


BAD = {
    "missing file": ("--source absent.h5", "absent.h5: expected a features file, but it is missing"),
    "missing target": ("--source source.h5 --target no.h5", "no.h5: expected a features file, but it is missing"),
    "a folder": ("--source .", "expected a features file"),
    "not HDF5": ("--source text.h5", "expected a features file (HDF5)"),
    "not ours": ("--source foreign.h5", "foreign.h5: expected a features file (format mdat-"),
    "truncated": ("--source truncated.h5", "it was cut short"),
    "other version": ("--source version.h5", "expected version 1 of the format, but got version 7"),
    "absent class": (
        "--source source.h5 --classes angry,fear",
        "source.h5 has no utterance of fear; it has angry, happy, neutral, sad",
    ),
    "one class": ("--source source.h5 --classes sad", "at least two emotions"),
    "more shots than clips": (
        "--source source.h5 --target target.h5 --shots 50",
        "--shots takes a pool of 50 clips of each emotion out of the target (the most shots, and "
        "never fewer than 15) and needs at least one more to test on, but angry has 18",
    ),
    "too few clips for a pool": (
        "--source target.h5 --target source.h5 --shots 1",
        "takes a pool of 15 clips",
    ),
    "one speaker": ("--source lonely.h5", "needs at least 5 groups (speakers or sessions), but"),
    "fewer clips than folds": ("--source source.h5 --split random --folds 11", "angry has 10"),
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
        "must hold different recordings, but share 40",
    ),
    "shots without a target": ("--source source.h5 --shots 5", "there is no --target"),
    "merger of nothing": ("--source source.h5 --merge boredom=sad", "no file has boredom"),
    "modules of no mdat": ("--source source.h5 --disable co", "but --model is linear"),
    "80-20 with a target": (
        "--source source.h5 --target target.h5 --split 80-20",
        "--split 80-20 divides a corpus within itself, but there is a --target",
    ),
    "ablation of no mdat": ("--source source.h5 --ablation all", "leave --model and --disable out"),
    "unknown ablation": ("--source source.h5 --ablation 8", "'8' is not one of all, 1, 2, 3, 4, 5"),
    "unknown module": ("--source source.h5 --disable head", "'head' is not one of graph, co, tra"),
    "shots that are no number": (
        "--source source.h5 --target target.h5 --shots five",
        "'five' must be whole numbers, such as 0,5,10",
    ),
    "negative shots": ("--source source.h5 --target target.h5 --shots -5", "whole numbers"),
    "merger that is no pair": ("--source source.h5 --merge boredom", "must be pairs such as"),
    "an empty word": ("--source source.h5 --classes angry,,sad", "'angry,,sad' has an empty word"),
    "an empty source": ("--source=", "'' has an empty word"),
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
    assert "exists. Choose another --out, or remove it." in done.output
    assert list((tmp_path / "run").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_refused_before_training(invoke, tmp_path):
    (tmp_path / "file").touch()
    done = invoke("--source source.h5", out=str(tmp_path / "file" / "run"))
    assert done.exit_code == 2
    assert "is not a writable folder" in done.output


@pytest.mark.parametrize(
    ("owner", "name"), [(Baseline, "fit"), (Baseline, "predict"), (pipeline, "draw_figures")]
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

    monkeypatch.setattr(Baseline, "fit", broken)
    assert isinstance(invoke("--source source.h5").exception, ZeroDivisionError)


def test_every_option_is_a_field_of_the_configuration():
    fields = {field.name for field in dataclasses.fields(TrainConfig)}
    # An ablation is several runs, each with its own `disable`.
    assert {parameter.name for parameter in main.params} == fields | {"ablation"}
    options = {name for parameter in main.params for name in parameter.opts}
    assert options == {f"--{name.replace('_', '-')}" for name in fields | {"ablation"}}


def test_every_option_has_help_that_tells_its_default():
    said = CliRunner().invoke(main, ["--help"]).output
    options = [p for p in main.params if isinstance(p, click.Option)]
    assert all(option.help for option in options)
    told = ["the middle one; last under the preset paper", "train; none under the preset paper"]
    assert all(text in " ".join(said.split()) for text in [*told, "runs/<files>-<model>, numbered"])


def test_presets_are_those_of_the_models():
    assert tuple(mdat_keras.PRESETS) == PRESETS


HEAVY = (*PACKAGES, "torch", "transformers", "librosa", "sklearn", "h5py", "numpy", "scipy")


def without(packages: tuple[str, ...], arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Call the command where some packages are not installed."""
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({packages})); "
        f"from mdat_train.cli.train import main; main({arguments})"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)


def test_help_needs_no_package_but_click():
    done = without(HEAVY, ["--help"])
    assert done.returncode == 0, done.stderr
    assert "--shot-draws" in done.stdout


def test_a_missing_package_is_named_with_the_way_to_get_it(files, tmp_path):
    arguments = ["--source", str(files / "source.h5"), "--out", str(tmp_path / "run")]
    done = without(("keras",), arguments)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "Error: the package keras is not installed. Install what the command needs: "
        'pip install "mdat-keras[train]"'
    )
    assert list(tmp_path.iterdir()) == []
