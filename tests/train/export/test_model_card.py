"""What the card of a model says."""

import re

import pytest
from exportable_run import of_corpus, of_transfer

from mdat_train.export.description import description
from mdat_train.export.model_card import model_card
from mdat_train.export.scores import SHOWN, by_class, by_group, by_speaker
from mdat_train.runs.run import Run


def card(run: Run) -> str:
    return model_card(run, description(run, run.model.learned, run.model.calibration))


def section(text: str, head: str) -> str:
    return text.partition(f"## {head}\n")[2].partition("\n#")[0]


def test_it_says_what_is_prohibited():
    text = section(card(of_corpus()), "What it must not be used for")
    assert "Article 5(1)(f)" in text and "prohibited" in text
    assert "work" in text and "education" in text


def test_it_has_every_part():
    text = card(of_corpus())
    assert "| emodb | source | de | none is stated" in section(text, "What it learned from")
    tested = section(text, "How it was tested")
    assert "no speaker (or session) is in two folds" in tested
    assert "70.0 %, 95 % interval" in tested and "over 5 speakers" in tested
    assert "33.3 %" in tested
    assert "negative log likelihood" in section(text, "How far its probabilities can be believed")
    assert r"a \*speaker\* is on both sides" in section(text, "Limits")
    assert r"fro\|h" in text and "| fro|h" not in text


@pytest.mark.parametrize("shots", [0, 5])
def test_a_transfer_has_a_card(shots):
    text = card(of_transfer(shots))
    assert ("| urdu | target |" in text) == bool(shots)
    assert ("30 utterances of the source, 5 of each class of the target." in text) == bool(shots)
    assert "urdu" in section(text, "How it was tested")


def test_scores_of_classes():
    run = of_corpus()
    rows = list(by_class(run.of(run.kept_condition), run.classes))
    # Each class has ten utterances; what is not recognised is mistaken for the next one.
    assert rows == [
        ["angry", r"fro\|h", "10", "70.0"],
        [r"fro\|h", "sad", "10", "60.0"],
        ["sad", "angry", "10", "80.0"],
    ]


def test_scores_of_groups_are_in_the_card():
    run = of_corpus()
    rows = list(by_group(run, "sex"))
    *groups, gap = rows
    assert {(value, speakers) for value, speakers, *_ in groups} == {("female", "3"), ("male", "2")}
    assert "### By sex" in card(run)
    high, low = (float(ua) for *_, ua, _ in groups)
    assert gap[:2] == ["largest gap", ""]
    assert float(gap[2]) == pytest.approx(high - low, abs=0.11)
    assert re.fullmatch(r"\[-?\d+\.\d, \d+\.\d\]", gap[3])


def test_the_worst_speakers_are_listed_and_the_rest_counted():
    run = of_corpus()
    of = run.of(run.kept_condition)
    rows = list(by_speaker(of))
    assert sorted(name for name, *_ in rows) == [f"s{number}" for number in range(5)]
    scores = [float(score) for *_, score in rows]
    assert scores == sorted(scores)
    many = [type(of[0])(**{**vars(of[0]), "speakers": tuple(f"s{n}" for n in range(30))})]
    *named, rest = by_speaker(many)
    assert (len(named), rest) == (SHOWN, ["10 others", "10", "100.0"])
