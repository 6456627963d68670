"""Features as they are read from their file."""

from pathlib import Path

import numpy as np
import pytest
from toy_features import selection, write_features
from toy_runs import config

from mdat_data import open_features
from mdat_train.inputs.selection import Selection, select

TOY = selection()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_features(tmp_path_factory.mktemp("toy") / "toy.h5", TOY)


def chosen(path: Path, **changed: object) -> Selection:
    with open_features(path) as cache:
        return select(
            cache, config(**{"speech_layer": "12", "text_layer": "last"} | changed)
        ).in_memory()


@pytest.mark.parametrize(("frames", "stride"), [(100, 2), (100, 5), (7, 3), (6, 3), (5, 100)])
def test_speech_is_cropped_and_then_averaged_and_text_is_neither(path, frames, stride):
    plain, found = chosen(path), chosen(path, frames=frames, frame_stride=stride)
    for whole, of in zip(plain.speech, found.speech, strict=True):
        rows = np.asarray(whole)
        groups = [
            rows[n : min(n + stride, frames)] for n in range(0, min(len(rows), frames), stride)
        ]
        expected = [np.mean(group, axis=0, dtype=np.float32) for group in groups]
        np.testing.assert_array_equal(of, np.array(expected, np.float16))
        assert of.shape == np.shape(of) == (len(groups), 8)
    for rows, of in zip(plain.text, found.text, strict=True):
        np.testing.assert_array_equal(of, rows)


def test_pooled_features_of_other_frames_are_others(path):
    """What is computed once is not taken for what another stride or crop would give."""
    ways = ({}, {"frame_stride": 4}, {"frames": 4}, {"speech_layer": "last"})
    first = [chosen(path, **w).pooled(("speech",)) for w in ways]
    assert len({of.tobytes() for of in first}) == len(ways)
