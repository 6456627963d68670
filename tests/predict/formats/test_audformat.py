"""Databases are read by audformat, and by our own reader, as they were meant."""

from pathlib import Path

import audformat
import pandas as pd
import pytest
from toy_predictions import CLASSES, HOSTILE, QUIET, WINDOWS

from mdat_data import InputError
from mdat_data.readers.audformat_header import load_database
from mdat_predict.formats import write
from mdat_predict.prediction import Prediction


def database_of(*predictions: Prediction, folder: Path, reject: float = 0.0) -> audformat.Database:
    write("audformat", predictions, folder / "of.audformat", reject=reject)
    return load_database(folder / "of.audformat")


def test_segments_have_times_emotions_and_probabilities(tmp_path):
    table = database_of(HOSTILE, QUIET, folder=tmp_path)["segments"].get()
    assert [
        (file, start.total_seconds(), end.total_seconds()) for file, start, end in table.index
    ] == [
        (HOSTILE.recording, 0.5, 2.0),
        (HOSTILE.recording, 2.0, pytest.approx(3.1250625, abs=1e-6)),
        (HOSTILE.recording, 5.0, 7.25),
    ]
    assert list(table["emotion"]) == [CLASSES[0], CLASSES[2], CLASSES[1]]
    assert list(table[f"probability.{CLASSES[0]}"]) == [0.7, 0.1, 0.3]
    assert list(table["transcription"]) == ['Er sagte: "Nö <&>".', "", "NA"]


def test_all_recordings_are_among_the_files(tmp_path):
    table = database_of(HOSTILE, QUIET, folder=tmp_path)["files"].get()
    assert list(table.index) == [HOSTILE.recording, QUIET.recording]
    assert list(table["duration"]) == [pd.Timedelta(seconds=7.25), pd.Timedelta(seconds=2)]
    assert table["emotion"].iloc[0] == CLASSES[0]
    assert table.iloc[1].drop("duration").isna().all()


def test_uncertain_is_a_label_of_the_scheme(tmp_path):
    database = database_of(WINDOWS, folder=tmp_path, reject=0.7)
    assert list(database["segments"]["emotion"].get()) == ["calm", "calm", "uncertain"]
    assert database.schemes["emotion"].labels == ["sad", "calm", "uncertain"]
    assert database["segments"]["emotion"].rater.type == "machine"


def test_without_speech_the_columns_are_there_all_the_same(tmp_path):
    table = database_of(QUIET, folder=tmp_path)["segments"].get()
    assert len(table) == 0
    assert "emotion" in table


def test_a_recording_that_was_named_twice_is_written_once(tmp_path):
    assert len(database_of(WINDOWS, WINDOWS, folder=tmp_path)["segments"]) == 3


def test_nothing_predicted_is_a_database_without_rows(tmp_path):
    assert len(database_of(folder=tmp_path)["files"]) == 0


def test_an_existing_folder_is_not_touched(tmp_path):
    (tmp_path / "of.audformat").mkdir()
    with pytest.raises(InputError, match="new folder, got .*of.audformat, which exists"):
        database_of(QUIET, folder=tmp_path)
