"""The folder of an audit."""

import json

import numpy as np
import pytest
from toy_items import audited, balanced

from mdat_audit.clues.clues import find_clues
from mdat_audit.inputs.item import silent
from mdat_audit.overview.map import Map
from mdat_audit.report.as_json import as_json
from mdat_data import InputError
from mdat_data.splits.leakage import Finding
from mdat_data.splits.split import Split

ITEMS = balanced()
LEAK = Finding(check="speakers", text="1 of 2", examples=("s0",))
SPLITS = {"split": Split(train=("s0-sad-0",), test=("s1-sad-0",))}
AUDIT = audited(
    ITEMS,
    leaks=(LEAK,),
    splits=SPLITS,
    clues=find_clues(ITEMS, SPLITS, seed=0, progress=silent),
    map=Map(method="pca", points=np.zeros((54, 2)), shares=(0.5, 0.25)),
)


def test_the_numbers_are_in_json():
    read = json.loads(as_json(AUDIT))
    assert read["leaks"] == [{"check": "speakers", "text": "1 of 2", "examples": ["s0"]}]
    assert read["emotions_by_part"] == {"split": {"train": {"sad": 1}, "test": {"sad": 1}}}
    assert read["emotions_by_speaker"]["s0"] == {"angry": 3, "happy": 3, "sad": 3}
    assert read["map"] == {"method": "pca", "shares": [0.5, 0.25]}
    (duration,) = (clue for clue in read["clues"] if clue["name"] == "duration")
    guess = duration["emotion"]["speakers apart"]
    assert guess["chance"] == pytest.approx(1 / 3)
    assert guess["interval"]["low"] <= guess["ua"] <= guess["interval"]["high"]


def test_the_folder_holds_page_numbers_and_figures(tmp_path):
    folder = AUDIT.save(str(tmp_path / "new/audit"))
    names = ["audit.json", "audit.md", "durations.png", "map.png"]
    assert sorted(path.name for path in folder.iterdir()) == names
    text = (folder / "audit.md").read_text(encoding="utf-8")
    assert "![durations by emotion](durations.png)" in text
    assert text.endswith("seed 0.\n")


def test_an_earlier_audit_is_replaced_and_other_files_stay(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "audit.md").write_text("of yesterday")
    AUDIT.save(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert "yesterday" not in (tmp_path / "audit.md").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        AUDIT.save(tmp_path / "file" / "audit")
