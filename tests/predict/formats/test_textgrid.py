"""TextGrids are read by praatio as they were meant."""

from pathlib import Path

import pytest
from praatio import textgrid
from toy_predictions import CLASSES, HOSTILE, QUIET, WINDOWS

from mdat_predict.formats import write
from mdat_predict.prediction import Prediction


def grid_of(of: Prediction, folder: Path, *, reject: float = 0.0) -> textgrid.Textgrid:
    out = folder / "of.TextGrid"
    write("textgrid", [of], out, reject=reject)
    return textgrid.openTextgrid(str(out), includeEmptyIntervals=True)


def test_the_intervals_cover_the_recording(tmp_path):
    grid = grid_of(HOSTILE, tmp_path)
    assert grid.tierNames == ("emotion", "probabilities", "transcript")
    assert (grid.minTimestamp, grid.maxTimestamp) == (0, 7.25)
    assert [tuple(entry) for entry in grid.getTier("emotion").entries] == [
        (0.0, 0.5, ""),
        (0.5, 2.0, CLASSES[0]),
        (2.0, 3.1250625, CLASSES[2]),
        (3.1250625, 5.0, ""),
        (5.0, 7.25, CLASSES[1]),
    ]


def test_probabilities_and_transcripts_have_tiers(tmp_path):
    grid = grid_of(HOSTILE, tmp_path)
    shares = [entry.label for entry in grid.getTier("probabilities").entries if entry.label]
    assert shares[1] == f"{CLASSES[2]} 0.700, {CLASSES[1]} 0.200, {CLASSES[0]} 0.100"
    said = [entry.label for entry in grid.getTier("transcript").entries if entry.label]
    assert said == ['Er sagte: "Nö <&>".', "NA"]


def test_segments_that_overlap_are_divided_among_tiers(tmp_path):
    grid = grid_of(WINDOWS, tmp_path, reject=0.7)
    assert grid.tierNames == ("emotion", "probabilities", "emotion 2", "probabilities 2")
    first, second = (grid.getTier(name).entries for name in ("emotion", "emotion 2"))
    assert [tuple(entry) for entry in first] == [(0, 2, "calm"), (2, 4, "uncertain")]
    assert [tuple(entry) for entry in second] == [(0, 1, ""), (1, 3, "calm"), (3, 4, "")]


def test_a_recording_without_speech_has_an_empty_tier(tmp_path):
    grid = grid_of(QUIET, tmp_path)
    assert [tuple(entry) for entry in grid.getTier("emotion").entries] == [(0, 2, "")]


@pytest.mark.parametrize("word", ["a\nb", "\x00", "\udcff"])
def test_what_no_file_can_hold_is_written_as_python_does(tmp_path, word):
    of = Prediction("a.wav", 4.0, (word, "calm"), WINDOWS.segments[2:])
    labels = [entry.label for entry in grid_of(of, tmp_path).getTier("emotion").entries]
    assert labels == ["", repr(word)[1:-1]]
