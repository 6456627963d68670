"""Rows, labels and ids that belong together."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from toy_features import CLASSES, modality, selection, utterances, write_features
from toy_runs import config

from mdat_data import InputError, Utterance
from mdat_data.cache import Recording, open_features
from mdat_train.inputs.defaults import resolved
from mdat_train.inputs.selection import Selection, joined, select

TOY = selection()
LAYERS = {"speech_layer": "12", "text_layer": "last"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_features(tmp_path_factory.mktemp("toy") / "toy.h5", TOY)


def chosen(path: Path, prefix: str = "", **changed) -> Selection:
    with open_features(path) as cache:
        return select(cache, config(**LAYERS | changed), prefix=prefix).in_memory()


def features_by_id(of: Selection) -> dict[str, tuple[list, list]]:
    streams = zip(of.speech, of.text, strict=True)
    return {
        id: (np.float16(s).tolist(), np.float16(t).tolist())
        for id, (s, t) in zip(of.ids, streams, strict=True)
    }


def test_the_selection_is_what_was_written(path):
    of = chosen(path)
    assert sorted(of.ids) == sorted(TOY.ids)
    assert features_by_id(of) == features_by_id(TOY)
    assert [CLASSES[label] for label in of.labels] == [u.emotion for u in of.utterances]


def test_the_order_of_the_rows_has_no_effect(path, tmp_path):
    order = np.random.default_rng(1).permutation(len(TOY)).tolist()
    other = chosen(write_features(tmp_path / "shuffled.h5", TOY, order=order))
    of = chosen(path)
    assert other.utterances == of.utterances
    assert features_by_id(other) == features_by_id(of) == features_by_id(TOY)


def test_classes_are_numbered_as_they_were_named(path):
    of = chosen(path, classes=("sad", "angry"))
    assert len(of) == 16
    assert {u.emotion for u in of.utterances} == {"sad", "angry"}
    assert [u.emotion == "angry" for u in of.utterances] == of.labels.tolist()


def test_merged_emotions_count_as_the_other(path):
    merge = (("happy", "angry"), ("neutral", "sad"))
    of = chosen(path, classes=("angry", "sad"), merge=merge)
    assert np.bincount(of.labels).tolist() == [16, 16]
    angry = [u.id for u in of.utterances if u.emotion == "angry"]
    assert all("angry" in id or "happy" in id for id in angry)


def test_mix_lays_the_layers_side_by_side(path):
    mixed, first, last = (chosen(path, speech_layer=layer) for layer in ("mix", "12", "last"))
    both = np.hstack([first.speech[3], last.speech[3]])
    np.testing.assert_array_equal(mixed.speech[3], both)
    assert mixed.speech[3].shape[1] == 16


def test_speech_is_cropped_and_text_is_not(path):
    whole, cropped = chosen(path), chosen(path, frames=6)
    assert [len(rows) for rows in cropped.speech] == [min(len(r), 6) for r in whole.speech]
    assert [len(rows) for rows in cropped.text] == [len(rows) for rows in whole.text]
    np.testing.assert_array_equal(cropped.speech[0], np.asarray(whole.speech[0])[:6])


def test_features_are_read_when_they_are_used(path):
    with open_features(path) as cache:
        of = select(cache, config(**LAYERS | {"speech_layer": "mix"}, frames=6))
        held = of.in_memory()
        shapes = [rows.shape for rows in of.speech], [rows.shape for rows in of.text]
        assert shapes == ([r.shape for r in held.speech], [r.shape for r in held.text])
        assert {rows.dtype for rows in (*of.speech, *of.text)} == {np.dtype("float16")}
        assert of.nbytes == held.nbytes == sum(r.nbytes for r in (*held.speech, *held.text))
        np.testing.assert_array_equal(of.speech[5], held.speech[5])
    assert not any(isinstance(rows, np.ndarray) for rows in (*of.speech, *of.text))


@pytest.mark.parametrize(("layer", "added"), [("6", 0), ("last", 1)])
def test_text_is_of_the_layer_that_is_named(tmp_path, layer, added):
    provenance = modality("text", layers=("6", "last"))
    path = write_features(tmp_path / "two.h5", TOY, provenance=provenance)
    of = chosen(path, text_layer=layer)
    expected = dict(zip(TOY.ids, TOY.text, strict=True))[of.ids[0]] + added
    np.testing.assert_allclose(of.text[0], expected, atol=1e-2)


def test_the_limit_for_each_emotion_keeps_the_same_utterances_every_time(path):
    few, again, more = (chosen(path, at_most=number) for number in (2, 2, 3))
    assert Counter(u.emotion for u in few.utterances) == Counter(dict.fromkeys(CLASSES, 2))
    assert few.ids == again.ids == tuple(sorted(few.ids))
    assert set(few.ids) < set(more.ids)
    by_id = dict(zip(TOY.ids, TOY.text, strict=True))
    np.testing.assert_allclose(few.text[0], by_id[few.ids[0]], atol=1e-2)


def test_the_seed_of_the_limit_decides_which_utterances_are_kept(path):
    kept = [chosen(path, at_most=2, at_most_seed=seed).ids for seed in (0, 1, 1)]
    assert kept[0] != kept[1] == kept[2]
    assert kept[0] == chosen(path, at_most=2).ids


def test_at_most_counts_after_merging(path):
    of = chosen(path, at_most=3, merge=(("happy", "angry"),), classes=("angry", "sad"))
    assert Counter(u.emotion for u in of.utterances) == {"angry": 3, "sad": 3}
    assert {u.id.split("-")[1] for u in of.utterances} == {"angry", "happy", "sad"}


def test_a_limit_above_the_number_of_utterances_keeps_all(path):
    assert chosen(path, at_most=1000).ids == chosen(path).ids


def test_a_prefix_keeps_corpora_apart(path):
    first = chosen(path, prefix="toy/").utterances[0]
    assert (first.id, first.speaker, first.group) == ("toy/s0-angry-0", "toy/s0", "toy/s0")


def test_absent_class_lists_the_emotions_of_the_file(path):
    expected = (
        r"toy.h5 has no utterance of boredom, fear; its emotions are angry, happy, neutral, sad\."
    )
    with pytest.raises(InputError, match=expected):
        chosen(path, classes=("fear", "boredom", "sad"))


@pytest.mark.parametrize(("stream", "stored"), [("speech", "12, last"), ("text", "last")])
def test_unknown_layer_lists_the_stored(path, stream, stored):
    with pytest.raises(InputError, match=f"no layer 7 .* its layers are {stored}"):
        chosen(path, **{f"{stream}_layer": "7"})


def test_a_part_keeps_features_with_their_ids():
    part = TOY.of(("s3-sad-1", "s0-angry-0", "s2-happy-0"))
    assert part.ids == ("s0-angry-0", "s2-happy-0", "s3-sad-1")
    assert part.labels.tolist() == [0, 1, 3]
    assert part.speech[2] is TOY.speech[-1] and part.text[2] is TOY.text[-1]


def test_joined_keeps_the_order():
    more = selection(utterances(speakers=1, clips=1))
    both = joined([TOY, more])
    assert both.ids == TOY.ids + more.ids
    assert both.speech[-1] is more.speech[-1] and both.text[0] is TOY.text[0]


def test_labels_follow_the_classes_of_the_selection():
    turned = replace(TOY, classes=CLASSES[::-1])
    np.testing.assert_array_equal(turned.labels, 3 - TOY.labels)


def unlabelled(of: Selection, rows: range) -> Selection:
    """A selection in which some utterances have no emotion."""
    made = list(of.utterances)
    for row in rows:
        made[row] = replace(made[row], emotion=None)
    return replace(of, utterances=tuple(made))


@pytest.mark.parametrize("classes", [CLASSES, ("all",)])
def test_utterances_without_an_emotion_are_left_out_and_counted(tmp_path, classes):
    path = write_features(tmp_path / "toy.h5", unlabelled(TOY, range(0, 32, 4)))
    with open_features(path) as cache:
        made = resolved(config(classes=classes, **LAYERS), [cache])
        of = select(cache, made)
    assert made.classes == CLASSES
    assert len(of) == 24
    assert of.left_out == {"without an emotion": {"unlabelled": 8}}
    assert {u.emotion for u in of.utterances} == {*CLASSES}


def test_a_copy_without_an_emotion_does_not_displace_the_labelled_one(tmp_path, monkeypatch):
    monkeypatch.setattr("toy_features._recording", lambda of, _: recording(of))
    path = write_features(tmp_path / "toy.h5", unlabelled(TOY, range(4)))
    of = chosen(path)
    assert {*TOY.ids[4:8]} <= {*of.ids}
    assert of.left_out == {"without an emotion": {"unlabelled": 4}}


def test_a_file_without_any_emotion_is_refused(tmp_path):
    path = write_features(tmp_path / "toy.h5", unlabelled(TOY, range(32)))
    with pytest.raises(InputError, match="no utterance of angry, .* its emotions are none"):
        chosen(path)


def recording(of: Utterance) -> Recording:
    """Rows 0 and 4, 1 and 5, ... of a toy file are copies of one recording; the rest others."""
    row = TOY.ids.index(of.id)
    return Recording(utterance=of, duration=1.0, sha256=str(row % 4 if row < 8 else row))
