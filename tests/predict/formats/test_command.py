"""mdat-predict writes the formats of other programs, and refuses what it could not write."""

from click.testing import CliRunner
from praatio import textgrid

from mdat_predict.cli.predict import main


def predict(*arguments: object):
    return CliRunner().invoke(main, list(map(str, arguments)))


def test_recordings_become_textgrids(toy, tmp_path):
    recordings = toy.recordings[:2]
    how = ("--segments", "fixed", "--window", 1, "--hop", 0.5, "--format", "textgrid")
    result = predict(toy.run, *recordings, *how, "--out", tmp_path / "grids")
    assert result.exit_code == 0, result.output
    for recording in recordings:
        path = tmp_path / "grids" / f"{recording.stem}.TextGrid"
        assert "emotion" in textgrid.openTextgrid(str(path), includeEmptyIntervals=True).tierNames


def test_rttm_can_go_through_a_pipe(toy):
    result = predict(toy.run, toy.recordings[0], "--segments", "whole", "--format", "rttm")
    assert result.stdout.startswith(f"SPEAKER {toy.recordings[0]} 1 0.000 ")


def test_a_place_that_is_taken_is_refused_before_the_work(toy, tmp_path, monkeypatch):
    monkeypatch.setattr("mdat_predict.model.Model.outcomes", None)
    for out in (("--out", tmp_path), ()):
        result = predict(toy.run, toy.recordings[0], "--format", "elan", *out)
        assert result.exit_code == 2, result.output
        assert "--out" in result.output
