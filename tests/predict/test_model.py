"""What a saved model gives for recordings."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from predictable import CLASSES, by_keras, save_run
from small_networks import MODELS

import mdat_predict
from mdat_data import InputError
from mdat_predict import Predictions


def probabilities(found: Predictions) -> dict[str, tuple[float, ...]]:
    """The probabilities of recordings of one segment, by the id of their utterance."""
    return {Path(of.recording).stem: of.segments[0].probabilities for of in found}


def largest_difference(found: Predictions, expected: dict[str, np.ndarray]) -> float:
    given = probabilities(found)
    assert given.keys() == expected.keys()
    return max(np.abs(expected[id] - given[id]).max() for id in given)


@pytest.mark.parametrize("name", [name for name in MODELS if name != "hcam"])  # exports for long
def test_a_recording_gets_what_its_features_get(name, toy, tmp_path):
    run = toy.run if name == "linear" else save_run(tmp_path / "run", toy.features, model=name)
    found = mdat_predict.load(run).predict([toy.root], transcripts=toy.transcripts)
    expected = by_keras(run, toy.features)
    assert largest_difference(found, expected) < 1e-4
    assert np.ptp(list(expected.values()), axis=0).max() > 0.05  # the model decides


def test_a_segment_gets_alone_what_it_gets_among_others(toy):
    model = mdat_predict.load(toy.run)
    together = probabilities(model.predict(toy.root, segments="whole"))
    alone = probabilities(model.predict(toy.recordings[3], segments="whole"))
    for id, of in alone.items():
        np.testing.assert_allclose(of, together[id], atol=1e-6)


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 2), (48_000, 1), (22_050, 2)])
def test_channels_and_rate_hardly_matter(rate, channels, toy, tmp_path):
    time = np.arange(rate) / rate
    tone = np.sin(2 * np.pi * 220 * time) * np.sin(2 * np.pi * 3 * time) / 3
    plain = np.sin(2 * np.pi * 220 * np.arange(16_000) / 16_000)
    plain *= np.sin(2 * np.pi * 3 * np.arange(16_000) / 16_000) / 3
    soundfile.write(tmp_path / "a.wav", plain, 16_000)
    soundfile.write(tmp_path / "b.wav", np.column_stack([tone] * channels), rate)
    a, b = mdat_predict.load(toy.run).predict(tmp_path, segments="whole")
    np.testing.assert_allclose(a.segments[0].probabilities, b.segments[0].probabilities, atol=0.05)


def test_frames_are_cropped_and_then_averaged(toy, tmp_path):
    cropped = save_run(tmp_path / "a", toy.features, frames=4)
    expected = by_keras(cropped, toy.features)
    found = mdat_predict.load(cropped).predict(toy.root, transcripts=toy.transcripts)
    assert largest_difference(found, expected) < 1e-4
    strided = save_run(tmp_path / "b", toy.features, frame_stride=3)
    other = mdat_predict.load(strided).predict(toy.root, transcripts=toy.transcripts)
    assert largest_difference(other, by_keras(toy.run, toy.features)) > 1e-3


def test_rescaled_recordings_do_not_depend_on_their_level(toy):
    model = mdat_predict.load(toy.run)
    member = model.members[0]
    model.predict(toy.root, transcripts=toy.transcripts, rescale=True)
    waveforms = [soundfile.read(path, dtype="float32")[0] for path in toy.recordings]
    features = member.features(waveforms, [""] * len(waveforms))
    rescaled = np.concatenate(member.rescaling.applied(features)["speech"])
    stream = member.description.streams["speech"]
    np.testing.assert_allclose(rescaled.mean(axis=0), stream.mean, atol=1e-3)
    np.testing.assert_allclose(rescaled.std(axis=0), stream.scale, rtol=0.02)


def test_runs_are_averaged_whatever_the_order_of_their_classes(toy, tmp_path):
    other = save_run(tmp_path / "other", toy.features, classes=["sad", "angry", "happy"])
    one, two, both = (
        mdat_predict.load(*runs).predict(toy.recordings[0], segments="whole")[0]
        for runs in ([toy.run], [other], [toy.run, other])
    )
    a, b = (dict(zip(p.classes, p.segments[0].probabilities, strict=True)) for p in (one, two))
    assert both.classes == CLASSES
    expected = [(a[name] + b[name]) / 2 for name in CLASSES]
    assert both.segments[0].probabilities == pytest.approx(expected)


def test_runs_of_other_classes_are_refused(toy, tmp_path):
    other = save_run(tmp_path / "other", toy.features, classes=["sad", "angry", "calm"])
    with pytest.raises(InputError, match="expected runs of the same classes"):
        mdat_predict.load(toy.run, other)


def test_a_broken_recording_does_not_end_a_folder(toy, tmp_path):
    for path in toy.recordings[:2]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "broken.wav").write_bytes(b"RIFF")
    with pytest.warns(UserWarning, match="1 recordings could not be used: .*broken.wav"):
        found = mdat_predict.load(toy.run).predict(tmp_path)
    assert len(found) == 2
    assert "truncated" in found.failures[str(tmp_path / "broken.wav")]


def test_a_table_has_a_row_for_each_segment(toy):
    found = mdat_predict.load(toy.run).predict(toy.recordings[:2], transcripts=toy.transcripts)
    table = found.to_pandas(reject=1)
    assert list(table) == ["recording", "start", "end", "emotion", *CLASSES, "transcript"]
    assert list(table.emotion) == ["uncertain"] * 2
    assert table.transcript.str.len().min() > 5


def test_prediction_loads_neither_keras_nor_torch(toy):
    code = (
        "import sys, mdat_predict\n"
        f"mdat_predict.load({str(toy.run)!r}).predict({str(toy.recordings[0])!r})\n"
        "heavy = {'keras', 'tensorflow', 'torch', 'transformers', 'sklearn', 'mdat_train'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
