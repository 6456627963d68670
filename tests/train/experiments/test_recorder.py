"""What is recorded of every training, and what is held out of it."""

from contextlib import contextmanager

import numpy as np
import pytest
from remembering_classifier import recorder
from toy_features import selection, utterance, utterances

from mdat_data.splits.split import Split
from mdat_train.classifiers.classifier import Fitted
from mdat_train.experiments.recorder import silent
from mdat_train.runs.condition import SOURCE, TARGET, Condition

CORPUS = selection(utterances(speakers=6, clips=2))
HALVES = Split(
    train=tuple(u.id for u in CORPUS.utterances if u.speaker < "s3"),
    test=tuple(u.id for u in CORPUS.utterances if u.speaker >= "s3"),
)


def test_with_patience_groups_are_held_out_of_the_training_set():
    of, classifier = recorder(patience=2)
    fitted = of.fit("one", CORPUS, HALVES, 0)
    ((train, validation, seed),) = classifier.fitted
    assert seed == 0
    assert sorted(train.ids + validation.ids) == sorted(HALVES.train) == sorted(fitted.state)
    groups = [{u.group for u in part.utterances} for part in (train, validation)]
    assert not groups[0] & groups[1]
    assert of.trainings[0].split == Split(
        train=train.ids, validation=validation.ids, test=HALVES.test
    )


def test_the_seed_decides_the_validation_set():
    of, classifier = recorder(patience=2)
    for seed in range(6):
        of.fit(f"seed {seed}", CORPUS, HALVES, seed)
    assert [seed for *_, seed in classifier.fitted] == list(range(6))
    assert len({validation.ids for _, validation, _ in classifier.fitted}) > 1


def test_without_patience_the_training_set_is_whole():
    of, classifier = recorder(patience=0)
    of.fit("one", CORPUS, HALVES, 0)
    ((train, validation, _),) = classifier.fitted
    assert (train.ids, validation) == (HALVES.train, None)


def test_where_no_group_can_be_held_out_there_is_no_validation_set():
    lonely = selection([utterance(f"{s}{i}", s, s) for s in ("angry", "sad") for i in range(4)])
    of, classifier = recorder(patience=2)
    of.fit("one", lonely, Split(train=lonely.ids), 0)
    assert classifier.fitted[0][1] is None


def test_a_training_is_shown_and_recorded_with_its_history():
    shown = []

    @contextmanager
    def progress(name: str):
        shown.append(f"{name} starts")
        yield lambda epoch, epochs: shown.append((epoch, epochs))
        shown.append(f"{name} ends")

    def fit(callback) -> Fitted:
        callback({"epoch": 1, "loss": 0.5}, 3)
        return Fitted(state=None, history=({"epoch": 1, "loss": 0.5},))

    of, _ = recorder(progress=progress)
    of.train("one", HALVES, CORPUS, fit)
    assert shown == ["one starts", ({"epoch": 1, "loss": 0.5}, 3), "one ends"]
    (training,) = of.trainings
    assert (training.name, training.split) == ("one", HALVES)
    assert training.history == ({"epoch": 1, "loss": 0.5},)


def test_a_silent_display_takes_every_epoch():
    with silent("one") as callback:
        assert callback({"epoch": 1}, 1) is None


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        (HALVES, []),
        (Split(train=CORPUS.ids[1:], test=CORPUS.ids[:1]), ["test speakers are in the training"]),
        (
            Split(train=("s0-sad-0", "s0-happy-0"), test=("s1-angry-0",)),
            ["angry is in the test set but not in the training set"],
        ),
    ],
)
def test_warnings_are_recorded(split, expected):
    of, _ = recorder()
    of.train("one", split, CORPUS, lambda callback: Fitted(state=None))
    (training,) = of.trainings
    assert len(training.warnings) == len(expected)
    assert all(part in warning for part, warning in zip(expected, training.warnings, strict=True))


def test_predictions_are_recorded_with_their_utterances():
    of, _ = recorder()
    condition = Condition(model="mdat", trained_on=SOURCE, tested_on=TARGET, shots=0)
    tested = CORPUS.of(HALVES.test)
    probabilities = np.random.default_rng(0).dirichlet(np.ones(4), len(tested))
    of.record(condition, tested, probabilities, seed=3, draw=1)
    (predictions,) = of.predictions
    assert (predictions.condition, predictions.seed, predictions.draw) == (condition, 3, 1)
    assert predictions.ids == tested.ids
    assert predictions.speakers == tuple(u.speaker for u in tested.utterances)
    assert predictions.truth.tolist() == tested.labels.tolist()
    np.testing.assert_array_equal(predictions.probabilities, probabilities)
