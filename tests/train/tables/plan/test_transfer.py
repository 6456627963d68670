"""The runs of the table of transfer."""

from dataclasses import replace
from pathlib import Path

import pytest
from toy_grids import TEMPLATE, write_corpora

from mdat_data import InputError
from mdat_train.runs.predictions import PredictionTable
from mdat_train.runs.run import Run
from mdat_train.tables.plan.grid import Job
from mdat_train.tables.plan.protocols import Corpus
from mdat_train.tables.plan.transfer import ALL, every_corpus, transfer_jobs, transfer_outcomes

FOUR = ("angry", "happy", "neutral", "sad")


def corpora(**emotions: tuple[str, ...]) -> dict[str, Corpus]:
    return {
        name: Corpus(path=Path(f"{name}.h5"), digest=name, emotions=frozenset(of))
        for name, of in emotions.items()
    }


THREE = corpora(a=FOUR, b=(*FOUR, "excited"), mine=(*FOUR, "fear"))


def jobs(of: dict[str, Corpus] = THREE, models: tuple[str, ...] = ("linear",), **changed):
    template = replace(TEMPLATE, **{"seeds": 1, "shots": (5, 15)} | changed)
    return transfer_jobs(of, models=models, template=template, folder=Path("runs"))


def names(job: Job) -> tuple[set[str], str]:
    return {path.stem for path in job.config.source}, job.config.target.stem


def test_every_file_in_turn_is_the_target_of_all_others():
    of_all = [job for job in jobs() if job.study.source == ALL]
    for method in ("finetune", "joint"):
        tasks = [names(job) for job in of_all if job.study.adaptation == method]
        assert tasks == [({*THREE} - {target}, target) for target in THREE]
    assert {job.config.adaptation for job in of_all} == {"finetune", "joint"}
    assert all(job.config.shots == (0, 1, 5, 15) for job in of_all)
    assert all(job.config.split == "group" for job in of_all)


def test_methods_differ_in_nothing_but_the_method():
    joint, finetune = (
        next(job.config for job in jobs(normalize=None) if job.study.adaptation == method)
        for method in ("joint", "finetune")
    )
    assert joint == replace(finetune, adaptation="joint")
    assert joint.normalize == "corpus"


def test_the_map_has_every_source_alone():
    alone = [job for job in jobs(models=("mdat", "linear")) if job.study.source != ALL]
    tasks = {(job.study.source, job.study.target) for job in alone}
    assert tasks == {(source, target) for source in THREE for target in THREE if source != target}
    assert all((job.config.model, job.config.shots) == ("linear", (0, 15)) for job in alone)


def test_the_method_of_the_user_takes_the_place_of_the_default():
    assert {job.study.adaptation for job in jobs(adaptation="prior")} == {"prior", "finetune"}
    assert {job.study.adaptation for job in jobs(adaptation="finetune")} == {"finetune"}


def test_emotions_that_mean_the_same_are_merged_and_classes_are_those_of_the_target():
    three = corpora(a=("excited", "angry", "sad"), b=FOUR, c=("angry", "sad", "fear"))
    of_all = {job.study.target: job.config for job in jobs(three) if job.study.source == ALL}
    assert {target: of.classes for target, of in of_all.items()} == {
        "a": ("angry", "happy", "sad"),
        "b": ("angry", "happy", "sad"),
        "c": ("angry", "sad"),
    }
    assert {of.merge for of in of_all.values()} == {(("excited", "happy"),)}


def test_a_source_that_lacks_a_class_helps_among_others_but_has_no_place_in_the_map():
    three = corpora(a=FOUR, b=FOUR, c=FOUR[:3], d=("sad", "fear"))
    of_a = [job for job in jobs(three) if job.study.target == "a"]
    assert {job.study.source for job in of_a} == {ALL, "b"}
    assert names(of_a[0]) == ({"b", "c"}, "a")


def test_all_others_of_two_files_are_one_source_whose_runs_are_shared():
    of = jobs(corpora(a=FOUR, b=FOUR), shots=(0, 1))
    joint = {
        j.study.source: j for j in of if j.study.target == "a" and j.study.adaptation == "joint"
    }
    assert joint[ALL].digests == joint["b"].digests == ("b", "a")


def test_files_of_any_name_take_part(tmp_path):
    write_corpora(tmp_path, "emodb", "urdu")
    (tmp_path / "emodb.h5").rename(tmp_path / "our own.h5")
    assert [*every_corpus(tmp_path)] == ["our own", "urdu"]


def test_one_file_is_no_transfer(tmp_path):
    write_corpora(tmp_path, "emodb")
    with pytest.raises(InputError, match="at least two features files, .* got emodb. Make more"):
        every_corpus(tmp_path)


def test_the_seeds_of_a_study_are_one_outcome():
    planned = [job for job in jobs(seeds=2) if job.study.target == "a"]
    runs = {
        job: Run(
            config=job.config,
            provenance={},
            classes=FOUR,
            utterances={},
            predictions=PredictionTable(FOUR, ()),
        )
        for job in planned
    }
    made = transfer_outcomes(runs)
    assert len(made) * 2 == len(planned)
    assert {outcome.run.config.seeds for outcome in made.values()} == {2}
