"""What stands below a table."""

from dataclasses import replace

import pytest
from toy_outcomes import outcome, outcomes

from mdat_train.tables.cells.build import build_tables
from mdat_train.tables.plan.study import Outcomes, Study

MDAT = Study(protocol="strict", source="iemocap", target="emodb", model="mdat")
LINEAR = replace(MDAT, model="linear")


def notes(number: str, of: Outcomes, missing: tuple[str, ...] = ()) -> str:
    (table,) = [table for table in build_tables(of, missing) if table.number == number]
    return "\n".join(table.notes)


@pytest.fixture(scope="module")
def within() -> str:
    return notes("II", outcomes(("emodb",), protocol="paper"), ("urdu.h5",))


@pytest.mark.parametrize(
    "note",
    [
        "Protocol paper, as far as the paper can be read: its classes",
        "Not found, and so left blank: all of ours that needs urdu.h5.",
        "Without a run of ours: 18 of 24 cells.",
        "Ours: mean ± standard deviation of the UA over seeds and draws",
        "bootstrap over speakers (1000 resamples)",
        "Options: seeds 2; preset base; normalize train; merge boredom=sad; epochs 10.",
        "Classes: angry, happy, neutral, sad (EMODB).",
        "two-sided sign-flip over speakers (6 of them; the smallest p that can come out is 0.031)",
        "Holm's correction over the 2 comparisons of this table under this protocol.",
        "Warnings at 6 of 6 trainings, such as: speaker s1 is in both parts.",
        "Paper: arXiv:2306.13804",
        "? IEMOCAP, HCAM, 73.67: also the value of Dutta et al. (2023) in Table III",
    ],
)
def test_a_table_tells_how_it_came_to_be(within, note):
    assert note in within


def test_nothing_is_told_of_what_is_not_there(within):
    assert not [word for word in ("Transductive", "draws of clips") if word in within]
    assert "sign-flip" not in notes("II", {MDAT: outcome(MDAT)})
    assert "Protocol" not in notes("III", {})


def test_a_preferred_value_is_named():
    assert (
        "? EMOVO→EMODB, 0 shots, BiLSTM, 65.60: Table IV says 64.60; ours is compared with 64.60."
    ) in notes("V", {MDAT: outcome(MDAT)})


def test_draws_and_adaptation_are_told_of_curves():
    told = notes("V", {MDAT: outcome(MDAT)})
    assert "seeds 2; draws of clips 2; preset base" in told
    assert "epochs 10; adapt epochs 3." in told


def test_options_that_differ_are_told_by_system():
    of = {MDAT: outcome(MDAT), LINEAR: outcome(LINEAR, normalize="corpus")}
    told = notes("IV", of)
    assert "normalize corpus (linear), train (MDAT)" in told
    assert "reads the unlabelled target, for linear." in told


def test_a_note_is_told_once_with_its_tasks():
    of = {study: outcome(study, notes=("no boredom",)) for study in (MDAT, LINEAR)}
    assert notes("IV", of).count("no boredom") == 1
    assert "no boredom (IEMOCAP→EMODB)." in notes("IV", of)


def test_sizes_of_ablations_are_told():
    told = notes("VI", {MDAT: outcome(MDAT)})
    assert "Utterances: IEMOCAP→EMODB 5531 (paper 800) → 420 (paper 420)." in told
