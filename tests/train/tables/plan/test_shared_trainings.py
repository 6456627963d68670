"""What several jobs of a grid train alike is trained once, and changes no number."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from toy_grids import CLASSES, TEMPLATE, write_corpora
from toy_runs import TINY

from mdat_keras import PRESETS
from mdat_train.classifiers import compiled_models
from mdat_train.classifiers.keras_classifier import KerasClassifier
from mdat_train.inputs.selection import Selection
from mdat_train.tables.plan import engine, grid
from mdat_train.tables.plan.grid import Job
from mdat_train.tables.plan.protocols import Corpus

PAIRS = (("emodb", "urdu"), ("emodb", "iemocap"), ("iemocap", "urdu"))


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Job]]:
    """MDAT, tiny, trained on two sources and adapted to two targets."""
    corpora = write_corpora(tmp_path_factory.mktemp("caches"), "emodb", "urdu", "iemocap")
    wanted = grid.studies(corpora, tables=("V",), models=("mdat",), protocols=("strict",))
    wanted = [study for study in wanted if (study.source, study.target) in PAIRS]
    template = replace(TEMPLATE, seeds=1, shots=(0, 5), normalize="none", patience=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "base", TINY)
        yield grid.jobs(wanted, corpora, tables=("V",), template=template, folder=Path())


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    """Number of utterances -> number of trainings from new weights."""
    counts: Counter[int] = Counter()
    plain = KerasClassifier.fit

    def counted(self: KerasClassifier, train: Selection, *data: Any, **options: Any) -> object:
        counts[len(train)] += 1
        return plain(self, train, *data, **options)

    monkeypatch.setattr(KerasClassifier, "fit", counted)
    return counts


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What a worker that starts now traces for training."""
    found: list[object] = []
    plain = compiled_models._trace_training

    def counted(stage: object) -> None:
        found.append(stage)
        plain(stage)

    monkeypatch.setattr(compiled_models, "_trace_training", counted)
    engine._models_of_worker.cache_clear()
    return found


def numbers(jobs: list[Job]) -> list[bytes]:
    names = ("predictions.csv", "history.json", "splits.json", "scores.json")
    return [(job.out / name).read_bytes() for job in jobs for name in names]


def run(jobs: list[Job], folder: Path) -> list[Job]:
    of = [replace(job, out=folder / job.out.name) for job in jobs]
    assert [engine._run_job(job, 1) for job in of] == [(job, "") for job in of]
    return of


def test_sources_and_controls_are_trained_once_and_the_numbers_are_the_same(
    jobs, trained, traced, tmp_path
):
    alone = [run([job], tmp_path / str(number))[0] for number, job in enumerate(jobs)]
    support = 4 * 5
    assert trained[support] == 3
    assert trained.total() == 6
    trained.clear()
    together = run(jobs, tmp_path / "together")
    assert numbers(together) == numbers(alone)
    assert trained[support] == 2  # of IEMOCAP and of URDU
    assert trained.total() == 4
    trained.clear()
    (again,) = run(jobs[:1], tmp_path / "together")
    assert numbers([again]) == numbers(alone[:1])
    assert trained.total() == 0
    assert len(traced) == 1  # for all jobs of this worker


def test_what_is_shared_is_removed_after_the_last_job_that_may_ask_for_it(jobs, tmp_path):
    of = [
        replace(job, config=replace(job.config, model="svm"), out=tmp_path / job.out.name)
        for job in jobs
    ]
    folder = engine._trainings(of[0])
    folder.mkdir()
    (folder / "0.npz").touch()
    found = [folder.exists() for _ in engine.run_jobs(of, at_once=1, engine="local")]
    assert found == [True, True, False]
    assert {path.name for path in tmp_path.iterdir()} == {job.out.name for job in of}


def test_jobs_of_a_network_follow_one_another_and_those_of_a_source_do_not():
    corpora = {
        name: Corpus(path=Path(f"{name}.h5"), digest=name, emotions=frozenset(CLASSES[name]))
        for name in CLASSES
    }
    tables, models = ("II", "V", "VI"), ("mdat", "bilstm")
    wanted = grid.studies(corpora, tables=tables, models=models, protocols=("paper", "strict"))
    template = replace(TEMPLATE, seeds=2)
    of = grid.jobs(wanted, corpora, tables=tables, template=template, folder=Path())
    order = engine._in_running_order(of)
    assert Counter(order) == Counter(of)
    networks = [network for network, _ in groupby(map(engine._compiled, order))]
    assert len(networks) == len(set(networks))
    across = [j for j in order if j.config.model == "bilstm" and len(j.config.classes) == 4]
    sources = [(job.study.source, job.config.first_seed) for job in across]
    assert len(set(sources[:6])) == 6  # as many as there are: three corpora, two seeds
