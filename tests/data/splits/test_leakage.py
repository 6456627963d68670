"""What the test set shares with the training set."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from toy_features import CLASSES, utterance, utterances

import mdat_data
from mdat_data.corpora import read_corpus
from mdat_data.splits.leakage import leaks, missing_classes
from mdat_data.splits.split import Split
from mdat_train.splits.folds import by_group, stratified
from mdat_train.splits.k_shot import k_shot

ACTED = utterances(speakers=6, clips=5)
"""Every speaker says every sentence in every emotion."""

SCRIPTED = tuple(
    utterance(f"s{i}-{line}", CLASSES[line % 4], f"s{i}", transcript=f"line {line}")
    for i in range(6)
    for line in range(12)
)
"""Every speaker says the same lines, each with the emotion of the script."""


def test_speakers_apart_and_sentences_without_emotion_give_no_warning():
    assert [leaks(split, ACTED) for split in by_group(ACTED, folds=3, seed=0)] == [[], [], []]


def test_speakers_on_both_sides_are_counted():
    split = Split(
        train=tuple(u.id for u in ACTED if u.speaker != "s0" and u.transcript != "say 1"),
        test=tuple(u.id for u in ACTED if u.speaker in ("s0", "s1") and u.transcript == "say 1"),
    )
    (found,) = leaks(split, ACTED)
    assert found.text.startswith("1 of 2 test speakers are in the training set too")
    assert (found.check, found.examples) == ("speakers", ("s1",))


def test_a_session_on_both_sides_is_a_leak_though_its_speakers_are_apart():
    of = [replace(u, group="session") if u.speaker in ("s0", "s1") else u for u in ACTED]
    split = Split(train=("s0-sad-0", "s2-sad-0"), test=("s1-sad-0", "s3-sad-0"))
    (found,) = leaks(split, of)
    assert found.text.startswith("1 of 2 test groups are in the training set too")
    assert (found.check, found.examples) == ("groups", ("session",))


def test_speakers_of_the_validation_set_count_as_training_speakers():
    split = Split(train=("s1-sad-0",), validation=("s0-sad-0",), test=("s0-sad-1",))
    assert any("1 of 1 test speakers" in found.text for found in leaks(split, ACTED))


@pytest.mark.parametrize("seed", range(3))
def test_sentences_repeated_in_every_emotion_are_no_leak(seed):
    splits = [*stratified(ACTED, folds=3, seed=seed), k_shot(ACTED, shots=5, seed=seed)]
    assert not any(found.check == "sentences" for s in splits for found in leaks(s, ACTED))


def test_sentences_of_a_script_are_a_leak():
    (found,) = leaks(by_group(SCRIPTED, folds=3, seed=0)[0], SCRIPTED)
    assert found.text.startswith("24 test utterances have sentences of the training set")
    assert "24 are right where chance gives 6" in found.text
    assert found.examples == tuple(f"line {line}" for line in range(12))


def test_empty_transcripts_are_no_sentences():
    silent = ("line 0", "line 1", "line 2")
    of = tuple(replace(u, transcript="") if u.transcript in silent else u for u in SCRIPTED)
    (found,) = leaks(by_group(of, folds=3, seed=0)[0], of)
    assert found.text.startswith("18 test utterances have sentences")


@pytest.mark.parametrize("seed", range(5))
def test_one_sentence_for_all_is_no_leak_however_uneven_the_emotions(seed):
    of = tuple(
        utterance(f"{i}-{clip}", CLASSES[i % 4], f"s{i}", transcript="the same")
        for i in range(12)
        for clip in range(3 + 5 * (i % 3))
    )
    assert not any(leaks(split, of) for split in by_group(of, folds=4, seed=seed))


def test_a_split_without_a_test_set_has_no_leak():
    assert leaks(Split(train=tuple(u.id for u in ACTED)), ACTED) == []


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kept", [CLASSES, mdat_data.EMOTIONS], ids=["four", "all"])
def test_the_sentences_of_emodb_are_no_leak(kept, seed):
    neighbour = Path(__file__).parents[4] / "shared/corpora"
    root = Path(os.environ.get("MDAT_TEST_CORPORA", neighbour), "emodb")
    if not root.is_dir():
        pytest.skip(f"EMO-DB is not in {root}; MDAT_TEST_CORPORA names the folder above it")
    of = [u for u in read_corpus("emodb", root).utterances if u.emotion in kept]
    splits = [
        *by_group(of, folds=5, seed=seed),
        *stratified(of, folds=5, seed=seed),
        k_shot(of, shots=10, seed=seed),
    ]
    assert not any(found.check == "sentences" for split in splits for found in leaks(split, of))


def test_an_emotion_that_the_training_set_lacks_is_named():
    split = Split(train=("s0-sad-0", "s0-angry-0"), test=("s1-sad-0", "s1-happy-0"))
    (found,) = missing_classes(split, ACTED)
    assert found.text == "happy is in the test set but not in the training set"
    assert found.examples == ("happy",)
    (found,) = missing_classes(replace(split, train=("s0-calm-0",)), ACTED)
    assert found.text == "happy, sad are in the test set but not in the training set"
    assert missing_classes(Split(train=("s0-sad-0",), test=("s1-sad-0",)), ACTED) == []
