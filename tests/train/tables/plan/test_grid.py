"""The studies and runs that tables need."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from toy_grids import TEMPLATE

from mdat_train.config import ADDED, TrainConfig
from mdat_train.runs.condition import SOURCE, TARGET, Condition
from mdat_train.runs.predictions import Predictions, PredictionTable
from mdat_train.runs.run import Run
from mdat_train.tables.plan import grid
from mdat_train.tables.plan.protocols import Corpus
from mdat_train.tables.plan.study import Study

EVERY = ("mdat", "bilstm", "safrlm", "hcam", "linear", "svm")
ALL = ("iemocap", "emodb", "emovo", "urdu")
EMOTIONS = frozenset({"angry", "happy", "neutral", "sad"})
CORPORA = {n: Corpus(path=Path(f"{n}.h5"), digest=n, emotions=EMOTIONS) for n in ALL}


def studies(tables: str, corpora: tuple[str, ...] = ALL, models: tuple[str, ...] = EVERY):
    return grid.studies(
        corpora, tables=tables.split(","), models=models, protocols=("paper", "strict")
    )


@pytest.mark.parametrize(
    ("tables", "number"),
    [
        ("II", 4 * 6),
        ("IV", 12 * 6),
        ("V", 12 * 4),
        ("IV,V", 12 * 6),
        ("VI", 3 * 7),
        ("IV,VI", 12 * 6 + 3 * 6),
        ("II,IV,V,VI", 4 * 6 + 12 * 6 + 3 * 6),
    ],
)
def test_every_study_is_wanted_once(tables, number):
    assert len(studies(tables)) == 2 * number


def test_only_what_has_features_is_wanted():
    of = studies("II,IV,V,VI", ("emodb", "urdu"), ("mdat",))
    tasks = {(s.source, s.target) for s in of}
    assert tasks == {("emodb", None), ("urdu", None), ("emodb", "urdu"), ("urdu", "emodb")}
    assert {s.disable for s in of} == {()}


STUDIES = studies("II,IV,V,VI", ("iemocap", "emodb"))


def jobs(corpora=CORPORA, tables="II,IV,V,VI", folder=Path("runs"), **changed):
    return grid.jobs(
        STUDIES,
        corpora,
        tables=tables.split(","),
        template=replace(TEMPLATE, **{"seeds": 2, "shots": (0, 5)} | changed),
        folder=folder,
    )


def test_jobs_share_a_folder_only_where_the_protocols_ask_the_same():
    of = jobs()
    assert len(of) == 2 * len(STUDIES)
    zero_shot = [job for job in of if job.study.target and not any(job.config.shots)]
    assert len({job.out for job in of}) == len(of) - len(zero_shot) // 2
    assert len({job.out for job in zero_shot}) == len(zero_shot) // 2
    assert {job.out.parent for job in of} == {Path("runs")}
    assert {(job.config.seeds, job.config.out) for job in of} == {(1, None)}


def test_only_the_models_of_table_v_adapt_and_only_for_it():
    adapted = {job.study.model for job in jobs() if any(job.config.shots)}
    assert adapted == {"mdat", "bilstm", "linear", "svm"}
    assert not any(
        job.study.disable or not job.study.target for job in jobs() if job.config.shots[1:]
    )
    assert not any(any(job.config.shots) for job in jobs(tables="II,IV,VI"))


@pytest.mark.parametrize(
    "changed",
    [
        {"epochs": 2},
        {"shots": (0, 5, 10)},
        {"normalize": "corpus"},
        {"text_layer": "3"},
        {"frame_stride": 3},
        {"precision": "bfloat16"},
        {"model_options": (("graph_heads", 2),)},
        {"adaptation": "other"},
        {"at_most_seed": 1},
        {"corpora": CORPORA | {"emodb": replace(CORPORA["emodb"], digest="other")}},
    ],
    ids="-".join,  # the names alone: a set has another order in every worker
)
def test_what_changes_the_numbers_changes_the_folder(changed):
    before, after = ({job: job.out for job in jobs(**c)} for c in ({}, changed))
    same = [a.study for a, b in zip(before, after, strict=True) if before[a] == after[b]]
    untouched = {
        "shots": [job.study for job in before if not any(job.config.shots)],
        "corpora": [j.study for j in before if "emodb" not in (j.study.source, j.study.target)],
    }
    assert same == untouched.get(next(iter(changed)), [])


OF_0_2 = "4a4b52b9a354d40f993bcc45"
"""The key that version 0.2 gave a run."""


def test_a_run_of_version_0_2_is_found_unless_an_option_that_it_lacked_has_an_effect(monkeypatch):
    monkeypatch.setattr(grid, "libraries", lambda: {"keras": "3"})
    of = TrainConfig(source=(Path("a.h5"),), seeds=1, learning_rate=3e-4, shots=(0, 5))
    of = replace(of, preset="wide")  # the base of then
    of = replace(of, adaptation="finetune")
    assert grid._key(replace(of, **ADDED), ("d",)) == OF_0_2
    changed = ({"frame_stride": 2}, {"precision": "bfloat16"})
    keys = {grid._key(replace(of, **ADDED | change), ("d",)) for change in changed}
    assert len(keys | {OF_0_2}) == 3


def test_another_backend_is_another_run(monkeypatch):
    kept = [job.out for job in jobs()]
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    grid.libraries.cache_clear()
    assert not {job.out for job in jobs()} & set(kept)
    monkeypatch.undo()
    grid.libraries.cache_clear()
    assert [job.out for job in jobs()] == kept


def test_more_seeds_keep_the_runs_of_the_first_ones():
    assert {job.out for job in jobs(seeds=1)} < {job.out for job in jobs(seeds=3)}


def test_moved_features_files_are_the_same():
    moved = {n: replace(c, path=Path("elsewhere") / c.path) for n, c in CORPORA.items()}
    assert [j.out for j in jobs(moved)] == [j.out for j in jobs()]


@pytest.mark.parametrize("changed", [{"memory": 0.5}, {"resampling_seed": 1}], ids=str)
def test_what_changes_no_predictions_changes_no_folder(changed):
    assert [j.out for j in jobs(**changed)] == [j.out for j in jobs()]


def test_the_default_learning_rate_gives_the_same_run_as_its_value():
    rate = {job.study: job.config.learning_rate for job in jobs()}
    assert all((rate[study] is None) == (study.model in ("linear", "svm")) for study in STUDIES)
    of_mdat = {job.out for job in jobs() if job.study.model == "mdat"}
    assert of_mdat <= {job.out for job in jobs(learning_rate=3e-3)}


def test_presets_of_mdat_have_runs_of_their_own():
    base, wide = (
        {j.out for j in jobs(preset=name, learning_rate=1e-3)} for name in ("base", "wide")
    )
    of_mdat = {j.out for j in jobs(learning_rate=1e-3) if j.study.model == "mdat"}
    assert not of_mdat & wide and of_mdat <= base


def a_run(seed: int) -> Run:
    predictions = Predictions(
        condition=Condition(model="mdat", trained_on=SOURCE, tested_on=TARGET, shots=0),
        seed=seed,
        draw=None,
        ids=("1",),
        speakers=("a",),
        truth=np.array([0]),
        probabilities=np.ones((1, 4), np.float32),
    )
    return Run(
        config=TrainConfig(source=(), seeds=1, first_seed=seed),
        provenance={},
        classes=(),
        utterances={"source": 5, "target": 1},
        parameters=9,
        predictions=PredictionTable((), (predictions,)),
    )


def test_the_runs_of_a_study_are_joined():
    study = Study(protocol="strict", source="emodb", target="iemocap", model="mdat")
    of = [job for job in jobs() if job.study == study]
    together = grid.outcomes({job: a_run(job.config.first_seed) for job in of}, CORPORA)
    assert list(together) == [study]
    outcome = together[study]
    assert [p.seed for p in outcome.run.predictions] == [0, 1]
    assert (outcome.run.config.seeds, outcome.run.parameters) == (2, 9)
    assert outcome.run.utterances == {"source": 5, "target": 1}
