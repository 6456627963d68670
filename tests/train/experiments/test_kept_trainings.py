"""Trainings that several runs ask for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toy_features import selection, utterances
from toy_runs import ignore_epoch

from mdat_train.classifiers.classifier import Epoch, Fitted
from mdat_train.experiments.kept_trainings import KeptTrainings
from mdat_train.inputs.deferred import Deferred
from mdat_train.inputs.selection import Selection

HISTORY: tuple[Epoch, ...] = ({"epoch": 1, "loss": 0.1 + 0.2}, {"epoch": 2, "loss": 1e-30})
SOURCE = selection()
SUPPORT = selection(utterances(speakers=1, clips=1), seed=1)
QUERY = selection(utterances(speakers=2, clips=1), seed=2)


class Counting:
    """A network that learns the sum of its features, and counts its trainings."""

    def __init__(self, recipe: str = "mdat") -> None:
        self.recipe = recipe
        self.trainings = 0

    def fit(self, train: Selection, validation: Selection | None, *, seed: int, callback: Any):
        self.trainings += 1
        weights = np.sum([np.sum(rows) for rows in train.speech], dtype=np.float32)
        return Fitted(state=[weights, np.array([seed, 2**40])], history=HISTORY)

    def predict(self, fitted: Fitted, test: Selection) -> np.ndarray:
        return np.full((len(test), 4), fitted.state[0] / 3, np.float32)


@pytest.fixture
def kept(tmp_path: Path) -> KeptTrainings:
    return KeptTrainings(tmp_path / "trainings", {"keras": "3"})


def fit(kept: KeptTrainings, network: Counting, *data: Selection | None, seed: int = 0) -> Fitted:
    train, validation = (*data, None)[:2]
    return kept.fit(network, train, validation, seed=seed, callback=ignore_epoch)


def test_a_training_is_done_once_and_read_with_all_its_digits(kept):
    first, second = Counting(), Counting()
    learned, read = fit(kept, first, SOURCE), fit(kept, second, SOURCE)
    assert (first.trainings, second.trainings) == (1, 0)
    assert read.history == learned.history == HISTORY
    for of, again in zip(learned.state, read.state, strict=True):
        np.testing.assert_array_equal(of, again)
        assert of.dtype == again.dtype
    assert len(list(kept.folder.iterdir())) == 1


def changed(rows: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    last = rows[-1].copy()
    last[-1, -1] += 1e-3
    return (*rows[:-1], last)


OTHERS: dict[str, Callable[[], dict[str, Any]]] = {
    "a feature of speech": lambda: {"train": replace(SOURCE, speech=changed(SOURCE.speech))},
    "a feature of text": lambda: {"train": replace(SOURCE, text=changed(SOURCE.text))},
    "fewer utterances": lambda: {"train": SOURCE.of(SOURCE.ids[1:])},
    "another emotion": lambda: {
        "train": replace(
            SOURCE,
            utterances=(replace(SOURCE.utterances[0], emotion="sad"), *SOURCE.utterances[1:]),
        )
    },
    "another precision": lambda: {
        "train": replace(SOURCE, text=tuple(np.float64(rows) for rows in SOURCE.text))
    },
    "a validation set": lambda: {"validation": SUPPORT},
    "the seed": lambda: {"seed": 1},
    "the recipe": lambda: {"network": Counting("mdat of 3 epochs")},
    "the libraries": lambda: {"libraries": {"keras": "4"}},
}


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_what_a_training_depends_on_makes_another_one(kept, change):
    fit(kept, Counting(), SOURCE)
    of = {"network": Counting(), "train": SOURCE, "validation": None, "seed": 0} | change()
    of_kept = replace(kept, libraries=of.pop("libraries", kept.libraries))
    fit(of_kept, of["network"], of["train"], of["validation"], seed=of["seed"])
    assert of["network"].trainings == 1
    assert len(list(kept.folder.iterdir())) == 2


def test_names_and_the_way_of_reading_make_no_other_training(kept):
    fit(kept, Counting(), SOURCE)
    renamed = tuple(
        replace(u, id=f"toy/{u.id}", speaker=f"toy/{u.speaker}") for u in SOURCE.utterances
    )
    deferred = tuple(Deferred(lambda r=r: r, r.shape, r.dtype) for r in SOURCE.speech)
    network = Counting()
    fit(kept, network, replace(SOURCE, utterances=renamed, speech=deferred))
    assert network.trainings == 0


def test_a_control_is_kept_by_its_predictions_of_its_test_set(kept):
    networks = [Counting(), Counting(), Counting()]
    first, again, other = (
        kept.fit_and_predict(network, SUPPORT, test, seed=0, callback=ignore_epoch)
        for network, test in zip(networks, (QUERY, QUERY, SOURCE), strict=True)
    )
    assert [network.trainings for network in networks] == [1, 0, 1]
    assert first.history == again.history == HISTORY
    np.testing.assert_array_equal(first.state, again.state)
    assert first.state.dtype == again.state.dtype == np.float32
    assert (first.state.shape, other.state.shape) == ((len(QUERY), 4), (len(SOURCE), 4))


@pytest.mark.parametrize("size", [0, 10, -20], ids=["empty", "beginning", "cut"])
def test_a_damaged_file_is_written_again(kept, size):
    learned = fit(kept, Counting(), SOURCE)
    (path,) = kept.folder.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:size])
    network = Counting()
    assert fit(kept, network, SOURCE).state[0] == learned.state[0]
    assert network.trainings == 1
    assert fit(kept, network, SOURCE).history == HISTORY
    assert network.trainings == 1


def test_a_file_whose_content_has_changed_is_written_again(kept):
    fit(kept, Counting(), SOURCE)
    (path,) = kept.folder.iterdir()
    content = bytearray(path.read_bytes())
    content[content.index(b"arr_0.npy") + 150] ^= 1
    path.write_bytes(content)
    network = Counting()
    fit(kept, network, SOURCE)
    assert network.trainings == 1


def test_a_training_that_fails_keeps_nothing(kept):
    class Failing(Counting):
        def fit(self, *data: Any, **options: Any) -> Fitted:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(kept, Failing(), SOURCE)
    assert not kept.folder.exists()
