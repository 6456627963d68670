"""What the commands say about a doubtful corpus."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
import toy_corpora
from click.testing import CliRunner, Result

from mdat_extract.cli.extract import main as extract
from mdat_extract.cli.features import main as features

WORDS = ("<script>", "$\\frac$", "=cmd()", "50 % & a_b", '"quoted"', "'", "\\", "غصہ")


def manifest(folder: Path, rows: list[tuple[str, str, str, str]]) -> Path:
    """A table of (id, file, emotion, speaker) in tabs."""
    path = folder / "mine.tsv"
    lines = ["\t".join(row) for row in [("id", "audio", "emotion", "speaker"), *rows]]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(path: Path) -> list[Result]:
    """The results of mdat-extract and of mdat-features info."""
    out = str(path.with_suffix(".h5"))
    offline = ["--speech-encoder", "logmel", "--text-encoder", "char-ngram"]
    made = CliRunner().invoke(extract, ["--corpus", str(path), "--out", out, *offline])
    return [made, CliRunner().invoke(features, ["info", out])]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "a.wav"
    toy_corpora.write_wav(path, "sad")
    return path


def test_copies_are_named_with_their_emotions_whatever_their_format(recording, tmp_path):
    shutil.copy(recording, tmp_path / "same.wav")
    samples, rate = soundfile.read(recording, dtype="int16")
    soundfile.write(tmp_path / "copy.flac", samples, rate)
    soundfile.write(tmp_path / "wide.wav", np.stack([samples, samples], 1), rate, "PCM_24")
    toy_corpora.write_wav(tmp_path / "other.wav", "sad")
    names = {"1": "a.wav", "2": "same.wav", "3": "copy.flac", "4": "wide.wav", "5": "other.wav"}
    rows = [(id, file, "sad" if id != "3" else "angry", f"s{id}") for id, file in names.items()]
    for result in run(manifest(tmp_path, rows)):
        assert result.exit_code == 0, result.output
        assert "1 recordings are there several times, sample for sample: 1 = 2 = 3 = 4. mdat" in (
            result.output
        )
        assert "1 of these have several emotions: 1 sad, 2 sad, 3 angry, 4 sad. mdat-train" in (
            result.output
        )


def test_words_that_differ_in_case_are_named(recording, tmp_path):
    toy_corpora.write_wav(tmp_path / "b.wav", "sad")
    rows = [("1", "a.wav", "Sad", "s1"), ("2", "b.wav", "sad", "S1")]
    for result in run(manifest(tmp_path, rows)):
        assert "emotions that differ only in case or spelling: 'Sad' (1) and 'sad' (1)" in (
            result.output
        )
        assert "speakers that differ only in case or spelling: 'S1' (1) and 's1' (1)" in (
            result.output
        )


def test_a_corpus_without_doubts_has_no_warning(recording, tmp_path):
    for result in run(manifest(tmp_path, [("1", "a.wav", "sad", "s1")])):
        assert result.exit_code == 0
        assert "warning" not in result.output


def test_words_are_printed_as_they_are(recording, tmp_path):
    rows = []
    for number, word in enumerate(WORDS):
        toy_corpora.write_wav(tmp_path / f"{number}.wav", "sad")
        rows.append((f"{word} {number}", f"{number}.wav", word, f"{word} s"))
    for result in run(manifest(tmp_path, rows)):
        assert result.exit_code == 0, result.output
        assert all(f"{word} 1" in result.output for word in WORDS)


@pytest.mark.parametrize("word", ["\x1b[31msad", "sad\x07", "s\u202ead"])
def test_control_characters_do_not_reach_the_terminal(word, recording, tmp_path):
    result, _ = run(manifest(tmp_path, [("1", "a.wav", word, "s1")]))
    assert result.exit_code == 2
    assert "names without tabs, line breaks" in result.output
    assert word not in result.output
