"""A run on the disk and back."""

import csv
import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from full_disk import full_disk
from small_run import CLASSES, RUN
from toy_runs import config

from mdat_data import InputError
from mdat_data.metrics import METRICS
from mdat_train.adaptation import Choice
from mdat_train.config import ADDED, TrainConfig
from mdat_train.runs import figures, records
from mdat_train.runs import folder as folder_of_run
from mdat_train.runs.condition import ADAPTED, QUERY, SOURCE, SUPPORT, TARGET, Condition
from mdat_train.runs.folder import read_run, save_run, write_records
from mdat_train.runs.records import config_from_json
from mdat_train.runs.run import Run, Written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_records(RUN, tmp_path)
    return tmp_path


def test_what_was_written_is_read(folder):
    run = read_run(folder)
    assert (run.config, run.provenance, run.classes) == (RUN.config, RUN.provenance, RUN.classes)
    assert (run.utterances, run.parameters) == (RUN.utterances, RUN.parameters)
    assert run.trainings == RUN.trainings
    assert run.conditions() == RUN.conditions()
    facts = [(p.condition, p.seed, p.draw, p.ids, p.speakers) for p in run.predictions]
    assert facts == [(p.condition, p.seed, p.draw, p.ids, p.speakers) for p in RUN.predictions]


def test_what_was_chosen_is_read_and_earlier_runs_chose_nothing(folder, tmp_path):
    assert not (folder / "choices.json").exists()
    assert read_run(folder).choices == {}
    choice = Choice(chosen="none", scores={"none": 0.5, "joint, share 0.2": 0.4}, played_on="a.h5")
    chosen = {"seed 0, 5 shots": choice}
    saved = save_run(replace(RUN, choices=chosen), tmp_path / "chosen")
    assert read_run(saved.folder).choices == chosen


@pytest.mark.parametrize("number", range(len(RUN.predictions)))
def test_probabilities_are_read_to_the_last_bit(folder, number):
    read, written = read_run(folder).predictions[number], RUN.predictions[number]
    np.testing.assert_array_equal(read.probabilities, written.probabilities)
    np.testing.assert_array_equal(read.truth, written.truth)
    assert read.probabilities.dtype == np.float32


def test_the_table_of_predictions_is_for_people_too(folder):
    with (folder / "predictions.csv").open(newline="", encoding="utf-8") as file:
        first = next(csv.DictReader(file))
    of = RUN.predictions[0]
    assert (first["id"], first["speaker"], first["truth"]) == ('0, "quoted"', "a", "ängstlich")
    assert first["predicted"] == CLASSES[of.predicted[0]]
    assert float(first["p_müde"]) == pytest.approx(of.probabilities[0, 2])
    assert first["draw"] == ""


def test_scores_are_those_of_the_predictions(folder):
    written = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    results = read_run(folder).metrics()
    assert len(written) == len(results) == 3
    ua = [(result.ua.mean, result.ua.std) for result in results]
    assert [(s["ua"]["mean"], s["ua"]["std"]) for s in written] == ua
    assert len(written[1]["per_run"]) == 3
    assert written[1] | {"per_run": []} == {
        "model": "mdat",
        "trained_on": "source+support",
        "tested_on": "query",
        "shots": 5,
        "runs": 3,
        "speakers": 3,
        "chance": 1 / 3,
        "undefined_classes": ["müde"],
        "per_run": [],
        "scale": "",
        **{name: asdict(results[1].mean_std(name)) for name in METRICS},
        "ua_interval_95": {
            "low": results[1].interval.low,
            "high": results[1].interval.high,
            "redrawn": 0,
        },
    }


@pytest.mark.parametrize("lost", ["config.json", "splits.json", "predictions.csv"])
def test_a_folder_that_is_no_run_is_refused_with_the_missing_file(folder, lost):
    (folder / lost).unlink()
    with pytest.raises(InputError, match=f"must be the folder of a run, but {lost} is missing"):
        read_run(folder)


@dataclass(frozen=True)
class Model:
    """A model of which a function writes one file."""

    save: Callable[[Path], object]
    written: Written = Written()
    notes: tuple[str, ...] = ()

    def write(self, run: Run, folder: Path, *, export: bool) -> Written:
        assert run.config.out.name != folder.name  # the folder gets its name when it is complete
        self.save(folder / ("model.onnx" if export else "model.keras"))
        return self.written


@pytest.fixture
def without_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_of_run, "draw_figures", lambda run, folder: None)


@pytest.mark.parametrize(("export", "name"), [(True, "model.onnx"), (False, "model.keras")])
def test_the_model_of_a_run_writes_its_files(tmp_path, without_figures, export, name):
    model = Model(lambda path: path.write_text("weights"))
    saved = save_run(replace(RUN, model=model), tmp_path / "run", export=export)
    assert (tmp_path / "run" / name).read_text() == "weights"
    assert name in json.loads((tmp_path / "run" / "checksum.json").read_text())
    assert (saved.warnings, saved.failure) == ((), "")


def test_what_went_wrong_with_the_model_is_told(tmp_path, without_figures):
    model = Model(Path.touch, Written(warnings=("no onnx",), failure="it differs"))
    saved = save_run(replace(RUN, model=model), tmp_path / "run")
    assert (saved.warnings, saved.failure) == (("no onnx",), "it differs")
    assert read_run(tmp_path / "run").metrics() == RUN.metrics()
    with pytest.warns(UserWarning) as told:
        replace(RUN, model=model).save(tmp_path / "again")
    assert [str(warning.message) for warning in told] == ["no onnx", "it differs"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_others_left_under_similar_names_is_kept(tmp_path, without_figures):
    (tmp_path / "run.tmp").mkdir()
    (tmp_path / "run.tmp" / "mine").touch()
    save_run(RUN, tmp_path / "run")
    assert names(tmp_path) == ["run", "run.tmp"]
    assert names(tmp_path / "run.tmp") == ["mine"]


def test_predictions_are_written_first_and_the_checksum_last(tmp_path, monkeypatch):
    written = []
    with_name = Path.open

    def opened(path: Path, mode: str = "r", **options: Any) -> Any:
        if mode == "w":
            written.append(path.name)
        return with_name(path, mode, **options)

    monkeypatch.setattr(Path, "open", opened)
    monkeypatch.setattr(folder_of_run, "draw_figures", lambda *_: written.append("figures"))
    save_run(replace(RUN, model=Model(lambda _: written.append("model"))), tmp_path / "run")
    assert written[0] == "predictions.csv"
    assert written[-3:] == ["model", "figures", "checksum.json"]


def test_a_figure_never_costs_a_run(tmp_path, monkeypatch):
    confusion = figures._confusion
    monkeypatch.setattr(figures, "_confusion", lambda *_: confusion(None, None))
    with pytest.warns(UserWarning, match="a figure could not be drawn: AttributeError"):
        assert RUN.save(tmp_path / "run") == tmp_path / "run"
    pictures = [name for name in names(tmp_path / "run") if name.endswith(".png")]
    assert pictures == ["curves.png", "shots.png"]
    assert read_run(tmp_path / "run").metrics() == RUN.metrics()


def test_a_folder_that_appears_meanwhile_does_not_cost_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(
        folder_of_run, "draw_figures", lambda *_: (tmp_path / "run").mkdir(exist_ok=True)
    )
    (tmp_path / "run-2").touch()
    saved = save_run(RUN, tmp_path / "run")
    assert saved.folder == tmp_path / "run-3"
    assert saved.warnings == (f"{tmp_path / 'run'} appeared while the run was trained",)
    assert read_run(saved.folder).metrics() == RUN.metrics()
    assert names(tmp_path) == ["run", "run-2", "run-3"]
    assert names(tmp_path / "run") == []


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the system for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere"


def model(size: int) -> Model:
    return Model(lambda path: path.write_bytes(bytes(size)))


def test_where_there_is_no_room_for_the_model_the_predictions_are_kept(tmp_path, without_figures):
    with full_disk(20_000), pytest.raises(InputError) as refused:
        save_run(replace(RUN, model=model(30_000)), tmp_path / "run")
    assert str(refused.value) == (
        f"{tmp_path / 'run'} cannot be written: File too large. {tmp_path / 'run-incomplete'} has "
        "its predictions, scores and history, without model and figures. Make room and repeat the "
        "command for the rest."
    )
    assert names(tmp_path) == ["run-incomplete"]
    assert read_run(tmp_path / "run-incomplete").metrics() == RUN.metrics()


def test_a_run_whose_disk_is_full_is_kept_elsewhere(tmp_path, without_figures, elsewhere):
    (tmp_path / "disk").touch()  # nothing can be written below a file
    with pytest.raises(InputError, match="cannot be written: .*elsewhere/run has the whole run"):
        save_run(replace(RUN, model=model(10)), tmp_path / "disk" / "run")
    assert read_run(elsewhere / "run").metrics() == RUN.metrics()
    assert (elsewhere / "run" / "model.onnx").exists()


def test_where_nothing_can_be_written_nothing_is_left(tmp_path, elsewhere):
    with full_disk(10), pytest.raises(InputError, match="Nothing could be kept. Make room"):
        save_run(RUN, tmp_path / "run")
    assert names(tmp_path) == ["elsewhere"]
    assert names(elsewhere) == []


def test_a_bug_keeps_its_traceback_and_the_predictions_are_kept(tmp_path, without_figures):
    def broken(_: Path) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as raised:
        save_run(replace(RUN, model=replace(model(1), save=broken)), tmp_path / "run")
    assert "run-incomplete has its predictions" in raised.value.__notes__[0]
    assert read_run(tmp_path / "run-incomplete").metrics() == RUN.metrics()


def cut(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


DAMAGES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "cut": ("predictions.csv is not as it was written", lambda of: cut(of / "predictions.csv")),
    "empty": ("config.json is not as it", lambda of: (of / "config.json").write_text("")),
    "missing": ("splits.json is missing", lambda of: (of / "splits.json").unlink()),
    "checksum": ("checksum.json is not as", lambda of: (of / "checksum.json").write_text("[]")),
    "no sums": ("checksum.json is not as", lambda of: (of / "checksum.json").write_text("{}")),
}


@pytest.mark.parametrize(("message", "damage"), DAMAGES.values(), ids=DAMAGES)
def test_a_run_proves_that_it_is_complete(tmp_path, without_figures, message, damage):
    save_run(RUN, tmp_path / "run")
    damage(tmp_path / "run")
    with pytest.raises(InputError, match=f"but it is damaged: {message}"):
        read_run(tmp_path / "run")


def test_figures_and_model_may_be_removed(tmp_path, without_figures):
    save_run(replace(RUN, model=model(10)), tmp_path / "run")
    (tmp_path / "run" / "model.onnx").unlink()
    assert read_run(tmp_path / "run").metrics() == RUN.metrics()


@pytest.mark.parametrize("name", ["config.json", "size.json", "splits.json", "predictions.csv"])
@pytest.mark.parametrize("kept", [0, 1, 0.5, 0.9])
def test_a_damaged_run_of_an_earlier_version_is_no_traceback(folder, name, kept):
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: int(kept if kept == 1 else kept * len(content))])
    try:
        read_run(folder)
    except InputError as error:
        assert "damaged" in str(error)


@pytest.mark.parametrize(
    "of",
    [
        config(),
        config(target=Path("t.h5"), shots=(0, 5), merge=(("a", "b"), ("c", "d"))),
        config(model_options=(("graph_heads", 4), ("residual", False), ("units", None))),
        config(out=Path("runs/x"), disable=("co",), at_most=3, learning_rate=None),
    ],
)
def test_a_configuration_survives_json(of):
    assert config_from_json(json.loads(json.dumps(asdict(of), default=str))) == of


OLD_CONFIG: dict[str, Any] = {
    "source": ["iemocap.h5", "caches/emodb.h5"],
    "target": "urdu.h5",
    "model": "mdat",
    "modality": "both",
    "preset": "base",
    "disable": ["co"],
    "classes": ["angry", "sad"],
    "merge": [["excited", "happy"], ["boredom", "sad"]],
    "at_most": None,
    "speech_layer": "12",
    "frames": 1500,
    "split": "random",
    "folds": 5,
    "shots": [0, 5],
    "seeds": 2,
    "first_seed": 1,
    "shot_draws": 3,
    "epochs": 10,
    "patience": 4,
    "adapt_epochs": 10,
    "batch_size": 16,
    "learning_rate": 0.0003,
    "adapt_learning_rate": 0.0003,
    "normalize": "train",
    "memory": 8.0,
    "out": "runs/iemocap-urdu-mdat",
}
"""What version 0.1 wrote into config.json."""

OLD_PREDICTIONS = """\
system,test,shots,seed,draw,id,speaker,truth,predicted,p_angry,p_sad
mdat,target,0,1,,u1,s1,angry,angry,0.75,0.25
mdat,target,0,1,,u2,s2,sad,angry,0.5625,0.4375
mdat,query,0,1,0,u2,s2,sad,angry,0.5625,0.4375
mdat,query,5,1,0,u2,s2,sad,sad,0.25,0.75
"mdat, clips alone",query,5,1,0,u2,s2,sad,angry,0.5,0.5
"linear, clips alone",query,5,1,0,u2,s2,sad,sad,0.125,0.875
"""


@pytest.fixture
def old_folder(tmp_path: Path) -> Path:
    """The folder of a run of version 0.1."""
    parts = {"train": ["a"], "test": ["u2"], "validation": []}
    records = {
        "config": OLD_CONFIG,
        "size": {"utterances": {"source": 1, "target": 2}, "parameters": 7},
        "provenance": {"urdu.h5": {"digest": "ab"}},
        "splits": {"seed 1, source": parts},
        "warnings": {"seed 1, source": ["1 of 1 test speakers are heard in training too"]},
        "history": {"seed 1, source": [{"epoch": 1, "loss": 0.5}]},
    }
    for name, record in records.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "predictions.csv").write_text(OLD_PREDICTIONS, encoding="utf-8")
    return tmp_path


def test_a_configuration_of_version_0_1_is_read():
    of = config_from_json(OLD_CONFIG)
    assert of.source == (Path("iemocap.h5"), Path("caches/emodb.h5"))
    assert (of.target, of.out) == (Path("urdu.h5"), Path("runs/iemocap-urdu-mdat"))
    assert of.merge == (("excited", "happy"), ("boredom", "sad"))
    assert (of.classes, of.disable, of.shots) == (("angry", "sad"), ("co",), (0, 5))
    others = [name for name, value in OLD_CONFIG.items() if isinstance(value, int | float)]
    assert {name: getattr(of, name) for name in others} == {n: OLD_CONFIG[n] for n in others}
    new = {"model_options", "text_layer", "adaptation", "at_most_seed", "resampling_seed"}
    assert set(asdict(of)) - set(OLD_CONFIG) == new | set(ADDED)
    assert (of.frame_stride, of.precision) == (1, "float32")  # whatever the defaults are
    defaults = TrainConfig(source=())
    others = new - {"adaptation"}
    assert all(getattr(of, name) == getattr(defaults, name) for name in others)


def test_what_earlier_runs_did_is_not_a_matter_of_the_defaults(monkeypatch):
    assert config_from_json(OLD_CONFIG).adaptation == "finetune"
    monkeypatch.setitem(records.EARLIER, "frame_stride", 7)
    assert config_from_json(OLD_CONFIG).frame_stride == 7


def test_a_run_with_values_that_are_refused_today_is_read(folder):
    written = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    refused = {"memory": float("inf"), "first_seed": 2**40, "merge": [["a", "b"], ["a", "c"]]}
    (folder / "config.json").write_text(json.dumps(written | refused), encoding="utf-8")
    read = read_run(folder)
    assert (read.config.memory, read.config.first_seed) == (float("inf"), 2**40)
    assert read.config.merge == (("a", "b"), ("a", "c"))
    assert read.metrics() == RUN.metrics()


def test_a_configuration_of_a_newer_version_is_refused():
    with pytest.raises(InputError, match="got magic, which a newer version wrote. Update mdat"):
        config_from_json(OLD_CONFIG | {"magic": 1})


def test_a_run_of_version_0_1_is_read(old_folder):
    run = read_run(old_folder)
    mdat = {"model": "mdat"}
    assert run.conditions() == [
        Condition(**mdat, trained_on=SOURCE, tested_on=TARGET, shots=0),
        Condition(**mdat, trained_on=SOURCE, tested_on=QUERY, shots=0),
        Condition(**mdat, trained_on=ADAPTED, tested_on=QUERY, shots=5),
        Condition(**mdat, trained_on=SUPPORT, tested_on=QUERY, shots=5),
        Condition(model="linear", trained_on=SUPPORT, tested_on=QUERY, shots=5),
    ]
    assert [result.wa.mean for result in run.metrics()] == [0.5, 0, 1, 0, 1]
    assert run.config.seeds == 2
    assert run.trainings[0].split.test == ("u2",)
    assert run.trainings[0].warnings == ("1 of 1 test speakers are heard in training too",)


def test_a_run_of_version_0_1_is_written_in_the_form_of_this_version(old_folder, tmp_path):
    (tmp_path / "again").mkdir()
    run = read_run(old_folder)
    write_records(run, tmp_path / "again")
    again = read_run(tmp_path / "again")
    assert again.conditions() == run.conditions()
    assert (again.config, again.metrics()) == (run.config, run.metrics())
    header = (tmp_path / "again" / "predictions.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.startswith("model,trained_on,tested_on,shots,")
