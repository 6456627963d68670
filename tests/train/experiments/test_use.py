"""Adapting for use, on toy corpora and with a classifier that only remembers."""

from pathlib import Path

import numpy as np
import pytest
from remembering_classifier import RememberingClassifier, recorder
from toy_features import selection, utterance, utterances, write_features

import mdat_train
from mdat_data import InputError
from mdat_train.experiments.adapting import Transferred
from mdat_train.experiments.recorder import Recorder
from mdat_train.experiments.use import MOST_FOLDS, count_use, left_out, run_use
from mdat_train.export.protocol import protocol
from mdat_train.inputs.scales import Scale
from mdat_train.inputs.scaling import statistics_of
from mdat_train.inputs.selection import Selection
from mdat_train.runs.condition import ADAPTED, FOLDS, SOURCE, TARGET, Condition

SOURCE_CORPUS = selection(utterances(speakers=4, clips=2), seed=1)
TWO = selection(utterances(speakers=2, clips=7))
"""About what someone has: 56 clips of two speakers."""

Used = tuple[Recorder, RememberingClassifier, Transferred]


def used(target: Selection, normalize: str = "train", **options) -> Used:
    of, classifier = recorder(
        **{"target": Path("t.h5"), "shots": ("all",), "patience": 0} | options
    )
    scale = Scale(target, normalize, statistics_of(SOURCE_CORPUS), len(SOURCE_CORPUS))
    return of, classifier, run_use(of, SOURCE_CORPUS, scale)


def test_the_model_has_learned_from_every_labelled_utterance():
    of, _, kept = used(TWO)
    assert kept.fitted.state == ("continued", *TWO.ids)
    assert kept.of_source.state == SOURCE_CORPUS.ids
    assert kept.support == of.trainings[-1].split.train == TWO.ids


def test_the_score_is_that_of_speakers_who_were_left_out():
    of, classifier, _ = used(TWO)
    supports = [{u.speaker for u in support.utterances} for _, support, _ in classifier.continued]
    assert supports == [{"s1"}, {"s0"}, {"s0", "s1"}] or supports == [{"s0"}, {"s1"}, {"s0", "s1"}]
    zero_shot, adapted = of.predictions
    assert zero_shot.condition == Condition(
        model="mdat", trained_on=SOURCE, tested_on=TARGET, shots=0
    )
    assert adapted.condition == Condition(
        model="mdat", trained_on=ADAPTED, tested_on=FOLDS, shots=14
    )
    assert adapted.ids == TWO.ids
    np.testing.assert_array_equal(adapted.predicted, TWO.labels)
    pairs = list(zip(classifier.predicted[1:], classifier.continued, strict=False))
    assert len(pairs) == 2
    for (fitted, tested), (_, support, _) in pairs:
        assert fitted.state[1:] == support.ids
        assert not {*tested.ids} & {*support.ids}


def test_utterances_of_a_single_speaker_are_left_out_and_that_is_told():
    of, classifier, _ = used(selection(utterances(speakers=1, clips=6)))
    assert len(classifier.continued) == 5 + 1
    folds = [t for t in of.trainings if "fold" in t.name]
    assert len(folds) == 5
    assert all("speaker" in "; ".join(t.warnings) for t in folds)


@pytest.mark.parametrize(("speakers", "folds"), [(3, 3), (MOST_FOLDS + 3, MOST_FOLDS)])
def test_of_many_speakers_several_are_left_out_at_a_time(speakers, folds):
    of, _ = recorder(seeds=2)
    corpus = selection(utterances(speakers=speakers, clips=1))
    splits = left_out(corpus, of.config, seed=0)
    assert len(splits) == folds
    assert sorted(id for split in splits for id in split.test) == sorted(corpus.ids)


def test_a_single_utterance_of_a_class_cannot_be_left_out():
    of, _ = recorder()
    lonely = [utterance(f"{n} {e}", e, "she") for n in range(2) for e in ("angry", "sad")]
    corpus = selection([*lonely, utterance("one", "happy", "she")])
    with pytest.raises(InputError, match="--shots all .* each emotion needs two; got one"):
        left_out(corpus, of.config, seed=0)


def test_the_scale_of_the_support_is_of_the_others_and_at_last_of_all():
    _, classifier, kept = used(TWO, normalize="support")
    assert kept.target.recordings == len(TWO)
    assert len(classifier.continued) == 3
    for _, support, _ in classifier.continued:
        mean = np.concatenate(support.speech).mean(axis=0)
        np.testing.assert_allclose(mean, 0, atol=1e-4)


@pytest.mark.parametrize("seeds", [1, 2])
def test_at_most_as_many_trainings_as_are_announced(seeds):
    of, *_ = used(selection(utterances(speakers=12, clips=1)), seeds=seeds)
    assert len(of.trainings) == count_use(of.config)


def test_a_run_for_use_is_written_with_all_its_figures(tmp_path):
    paths = [
        write_features(tmp_path / f"{name}.h5", of)
        for name, of in (("source", SOURCE_CORPUS), ("target", TWO))
    ]
    options = {"model": "svm", "shots": "all", "adaptation": "joint", "seeds": 1}
    run = mdat_train.transfer(*paths, out=tmp_path / "run", **options)
    assert [m.condition.tested_on for m in run.metrics()] == [TARGET, FOLDS]
    assert (tmp_path / "run" / "confusion.png").exists()
    assert not (tmp_path / "run" / "shots.png").exists()
    assert protocol(run).startswith(
        "utterances of the target, each by a model that was adapted to the other folds, no speaker"
    )
