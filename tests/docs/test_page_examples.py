"""What README, the tutorials and the how-to pages tell people to type works, on toy corpora."""

import shlex
import shutil
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner
from documents import COMMANDS, PAGES, blocks, calls, command_of
from toy_corpora import HERTZ, write_emodb, write_nemo, write_urdu, write_wav

from mdat_extract import extract

SHORT = {"mdat-train": ("--seeds=1", "--shot-draws=1"), "mdat-tables": ("--folds=2",)}
"""Command -> what makes it quick, and possible with four speakers."""


def runs_here(call: str) -> bool:
    """Neither a download nor the training of networks; such calls are only understood."""
    name = command_of(call)
    if name == "mdat-extract":
        return "--text-encoder char-ngram" in call
    return name not in SHORT or "linear" in call


def write_clips(folder: Path, speakers: Sequence[str], table: str) -> None:
    """Somebody's own recordings with their table: five of each emotion and speaker."""
    lines = ["id,audio,emotion,speaker,sex,transcript"]
    for speaker, emotion, clip in product(speakers, HERTZ, range(5)):
        id = f"{speaker}-{emotion}-{clip}"
        write_wav(folder / f"wav/{id}.wav", emotion)
        lines.append(f"{id},wav/{id}.wav,{emotion},{speaker},female,sentence {clip}")
    (folder / table).write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A working directory with the corpora that the pages name."""
    monkeypatch.chdir(tmp_path)
    write_emodb(tmp_path / "corpora/emodb")
    # A fifth speaker, and enough of the three emotions that the toy has once.
    for speaker, sentence, letter in product(("03", "08", "11"), ("a01", "b02"), "WFNTLEA"):
        write_wav(tmp_path / f"corpora/emodb/wav/{speaker}{sentence}{letter}a.wav", letter)
    write_nemo(tmp_path / "corpora/nemo")
    write_urdu(tmp_path / "corpora/urdu", clips=15)
    write_clips(tmp_path, [f"s{number}" for number in range(6)], "clips.csv")
    write_clips(tmp_path, ("t0", "t1"), "held-out.csv")
    shutil.copy(tmp_path / "wav/s0-angry-0.wav", tmp_path / "interview.wav")
    return tmp_path


@pytest.mark.parametrize(
    ("tutorial", "left"),
    [
        ("paper", ("audits/urdu/audit.md", "first/tables.md", "first/report.html")),
        ("new_language", ("audit/audit.md", "runs/mine/MODEL_CARD.md", "emotions.csv")),
    ],
)
def test_a_tutorial_works(here, tutorial, left):
    typed = [c for c in calls(PAGES[f"docs/tutorials/{tutorial}.md"]) if c.startswith("mdat-")]
    for call in filter(runs_here, typed):
        name = command_of(call)
        arguments = shlex.split(call.removeprefix(name)) + list(SHORT.get(name, ()))
        result = CliRunner().invoke(COMMANDS[name], arguments, prog_name=name)
        # The toys are no complete corpora, and an audit that finds something ends with 1.
        allowed = (0, 1) if name in ("mdat-audit", "mdat-corpora check") else (0,)
        assert result.exit_code in allowed, f"{call}\n{result.output}"
    assert all((here / path).is_file() for path in left)


@pytest.mark.parametrize("page", ["README.md", "docs/how-to/python.md"])
def test_the_python_of_a_page_works(here, page):
    for name in ("emodb", "nemo", "urdu"):
        extract(
            name,
            root=here / "corpora" / name,
            out=here / f"{name}.h5",
            speech_encoder="logmel",
            text_encoder="char-ngram",
        )
    for example in blocks(PAGES[page], "python"):
        exec(compile(example, page, "exec"), {})
