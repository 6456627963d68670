"""What is known of real corpora is found."""

import os
from pathlib import Path

import pytest
from toy_items import item

from mdat_audit.clues.clues import find_clues
from mdat_audit.clues.ways import APART, RANDOM
from mdat_audit.inputs.item import silent
from mdat_audit.inputs.measures import measure
from mdat_audit.leaks.doubtful import find_doubts
from mdat_data.corpora import read_corpus


def clues_of(corpus):
    neighbour = Path(__file__).parents[3] / "shared/corpora"
    root = Path(os.environ.get("MDAT_TEST_CORPORA", neighbour), corpus)
    if not root.is_dir():
        pytest.skip(f"{corpus} is not in {root}; MDAT_TEST_CORPORA names the folder above it")
    items = [
        item(u.id, u.emotion, u.speaker, measures=measure(u.audio), transcript=u.transcript)
        for u in read_corpus(corpus, root).utterances
    ]
    found = find_clues(items, {}, seed=0, progress=silent)
    return {clue.name: clue for clue in found}, {d.check: d for d in find_doubts(items, {})}


def test_urdu_is_told_by_the_speaker_and_the_offset_tells_the_speaker():
    clues, doubts = clues_of("urdu")
    assert clues["speaker"].emotion[RANDOM].ua > 0.9
    assert clues["DC offset"].emotion[RANDOM].tells
    assert clues["DC offset"].speaker.ua > 5 * clues["DC offset"].speaker.chance
    assert doubts["single emotion"].text.startswith("26 of 29 speakers")
    assert doubts["one voice"].examples == ("neutral: SM5 speaks 72 of 100",)


def test_emodb_is_not_told_by_the_speaker_but_by_the_offset_of_its_levels():
    clues, doubts = clues_of("emodb")
    assert not clues["speaker"].emotion[RANDOM].tells
    assert clues["DC offset"].emotion[APART].tells
    assert "single emotion" not in doubts
