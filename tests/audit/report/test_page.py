"""The page says what was found."""

from dataclasses import replace

import numpy as np
from toy_items import MEASURES, audited, balanced, item, material

from mdat_audit.clues.clues import find_clues
from mdat_audit.config import AuditConfig
from mdat_audit.inputs.item import silent
from mdat_audit.overview.map import Map
from mdat_audit.report.page import page, verdict
from mdat_data.splits.leakage import Finding
from mdat_data.splits.split import Split

ITEMS = balanced()
LEAK = Finding(check="speakers", text="1 of 2 test speakers", examples=("s|0", "<b>"))


def test_a_leak_is_named_with_its_examples():
    text = verdict(audited(ITEMS, leaks=(LEAK,)))
    assert "## Leaks: 1\n\n- **speakers**: 1 of 2 test speakers. Such as: s\\|0; \\<b\\>." in text


def test_nothing_found_is_said_and_what_was_not_looked_for():
    text = verdict(audited(ITEMS))
    assert text.startswith("# Audit of toy\n\n54 utterances of 6 speakers, 0.03 h.")
    assert "## Leaks: none found\n\nNo split was given" in text
    assert "Doubts" not in text
    split = {"split": Split(train=("s0-sad-0",), test=("s1-sad-0",))}
    given = audited(ITEMS, splits=split, config=AuditConfig(corpora=["toy"], splits="my.csv"))
    assert "Split: my.csv." in verdict(given)
    assert "No split was given" not in verdict(given)
    assert "| test |  |  | 1 |" in page(given)
    folds = replace(given, splits={"fold 1": split["split"], "fold 2": split["split"]})
    assert "Split: my.csv (fold 1, fold 2)." in verdict(folds)
    assert "| fold 2, test |  |  | 1 |" in page(folds)


def test_what_was_not_examined_is_said():
    of = material(ITEMS, unusable={"x": "silent"}, unread={"toy": "their folder: --root"})
    text = verdict(audited(ITEMS, material=of))
    assert "The recordings of toy were not read" in text
    assert "1 recordings cannot be used and were left out: x (silent)." in text


def test_guesses_have_interval_and_chance():
    items = [
        item(f"{n}", "sad" if n % 2 else "angry", f"s{n % 7}", duration=1.0 + n % 2)
        for n in range(70)
    ]
    found = find_clues(items, {}, seed=0, progress=silent)
    text = page(audited(items, clues=found))
    assert "| duration | **100 [100, 100]** | **100 [100, 100]** |" in text
    assert "| sentence (neither sentences nor transcripts) |  |  |  |" in text
    assert "**Chance is 50 %**" in text


def test_few_utterances_are_not_guessed():
    assert "Nothing was guessed" in page(audited(ITEMS[:3]))


def test_long_tables_are_cut_and_say_so():
    items = [item(f"{n}", "sad", f"s{n}") for n in range(50)]
    text = page(audited(items))
    assert "| s44 | 1 |" in text
    assert "| s45 | 1 |" not in text
    assert "\nand 10 more, in `audit.json`" in text


def test_measures_have_quartiles_where_they_differ_and_no_minus_before_0():
    items = [
        item(f"{n}", "sad", "s", duration=1.0 + n, measures=replace(MEASURES, peak=-0.01))
        for n in range(3)
    ]
    (row,) = (line for line in page(audited(items)).splitlines() if "[1.50" in line)
    assert row.startswith("| sad | 2.00 [1.50, 2.50] | -20.0 | 0.0 | 0.10 |")


def test_the_map_is_explained_or_its_absence():
    drawn = audited(ITEMS, map=Map(method="pca", points=np.zeros((54, 2)), shares=(0.5, 0.25)))
    assert "time of logmel, standardised; two principal components, which explain 50 and 25 %" in (
        page(drawn)
    )
    assert "![map of the features](map.png)" in page(drawn, ["map.png"])
    assert "![map" not in page(drawn)
    of = material(ITEMS, features={"a": "logmel", "b": "whisper"})
    assert "one encoder and layer (a: logmel; b: whisper)" in page(audited(ITEMS, material=of))
