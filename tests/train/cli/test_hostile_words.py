"""Words of a stranger's features file in what mdat-train prints and writes."""

import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from toy_features import selection, utterance, write_features

from mdat_data.cache import open_features
from mdat_train.cli.train import main
from mdat_train.runs.folder import read_run

EMOTIONS = ("<script>", "$\\frac$ \x1b[31m", "=cmd()\n", "50 % & a_b, \\")
SPEAKERS = ("@s\x1b[2J", "-s", "'=s", '"s"', "s\t1", "s,2")
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    of = tuple(
        utterance(f"={s}{e}{n}\x07", emotion, speaker)
        for s, speaker in enumerate(SPEAKERS)
        for e, emotion in enumerate(EMOTIONS)
        for n in range(2)
    )
    others = tuple(utterance(f"other {n}", "calm\x1b", "-s") for n in range(3))
    of = (*of, *others)
    made = selection(of, classes=(*EMOTIONS, "calm\x1b"))
    return write_features(tmp_path_factory.mktemp("files") / "toy.h5", made)


def run(path: Path, out: Path, *options: str) -> Result:
    words = ["--source", str(path), "--out", str(out), "--model", "svm", "--seeds", "1"]
    return CliRunner().invoke(main, [*words, "--folds", "2", "--classes", "all", *options])


def test_nothing_controls_the_terminal_and_everything_is_read_again(path, tmp_path):
    result = run(path, tmp_path / "run")
    assert result.exit_code == 0, result.output
    assert not CONTROL.search(result.output)
    assert "$\\frac$ \\x1b[31m 12, 50 % & a_b, \\ 12, <script> 12" in result.output
    with open_features(path) as file:
        stored = {(u.id, u.speaker) for u in file.utterances}
    again = read_run(tmp_path / "run").predictions[0]
    assert set(zip(again.ids, again.speakers, strict=True)) == stored
    with (tmp_path / "run" / "predictions.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell for row in list(csv.reader(file))[1:] for cell in row[:10]]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@"))]
    assert (tmp_path / "run" / "confusion.png").exists()


def test_a_message_about_words_is_printable(path, tmp_path):
    result = run(path, tmp_path / "run", "--merge", "nothing=<script>")
    assert result.exit_code == 2
    assert "$\\frac$ \\x1b[31m" in result.output
    assert not CONTROL.search(result.output)
