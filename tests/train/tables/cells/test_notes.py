"""The notes below a table."""

from dataclasses import replace

import pytest
from toy_outcomes import outcome, outcomes

from mdat_data.metrics import scores
from mdat_train.classifiers.models import MODELS
from mdat_train.tables.cells.build import build_tables
from mdat_train.tables.plan.study import Outcomes, Study

MDAT = Study(protocol="strict", source="iemocap", target="emodb", model="mdat")
LINEAR = replace(MDAT, model="linear")
CELLS = 4 * len(MODELS)
"""Cells of Table II: every model on four corpora."""


def notes(number: str, of: Outcomes, missing: tuple[str, ...] = ()) -> str:
    (table,) = [table for table in build_tables(of, missing) if table.number == number]
    return "\n".join(table.notes)


@pytest.fixture(scope="module")
def within() -> str:
    return notes("II", outcomes(("emodb",), protocol="paper"), ("urdu.h5",))


@pytest.mark.parametrize(
    "note",
    [
        "Protocol paper, as far as the paper describes it: its classes",
        "Features files not found: urdu.h5. The cells that need them have no result of ours.",
        f"{CELLS - 6} of {CELLS} cells have no result of ours.",
        "Ours: mean ± standard deviation of the UA over seeds and draws",
        "bootstrap over speakers (1000 resamples)",
        "Options: seeds 2; modality both; preset base; normalize train; "
        "merge boredom=sad; epochs 10; patience 0; batch size 16; precision float32.",
        "Classes: angry, happy, neutral, sad (EMODB).",
        "two-sided sign-flip test over speakers (6 of them; the smallest possible p is 0.031)",
        "Holm's correction over the 2 comparisons of this table under this protocol.",
        "Warnings in 6 of 6 trainings, such as: speaker s1 is in both parts.",
        "Paper: arXiv:2306.13804",
        "? IEMOCAP, HCAM, 73.67: also the value of Dutta et al. (2023) in Table III",
    ],
)
def test_a_table_has_notes_on_how_it_was_made(within, note):
    assert note in within


def test_there_is_no_note_on_what_a_table_does_not_have(within):
    assert not [word for word in ("Transductive", "draws of the support set") if word in within]
    assert "sign-flip" not in notes("II", {MDAT: outcome(MDAT)})
    assert "Protocol" not in notes("III", {})


def test_a_value_that_the_paper_supports_is_named():
    assert (
        "? EMOVO→EMODB, 0 shots, BiLSTM, 65.60: Table IV gives 64.60; ours is compared with 64.60."
    ) in notes("V", {MDAT: outcome(MDAT)})


def test_a_note_is_written_once_with_its_tasks():
    of = {study: outcome(study, notes=("no boredom",)) for study in (MDAT, LINEAR)}
    assert notes("IV", of).count("no boredom") == 1
    assert "no boredom (IEMOCAP→EMODB)." in notes("IV", of)


def test_sizes_of_ablations_are_noted():
    noted = notes("VI", {MDAT: outcome(MDAT)})
    assert "Utterances: IEMOCAP→EMODB 5531 (paper 800) → 420 (paper 420)." in noted


def test_models_that_use_the_unlabelled_target_are_named():
    noted = notes("IV", {MDAT: outcome(MDAT), LINEAR: outcome(LINEAR, normalize="corpus")})
    assert "so the unlabelled target is used, for linear." in noted


def test_controls_are_explained_in_words():
    noted = notes("V", {MDAT: outcome(MDAT)})
    assert "Support only: the same model, trained on the support set without the source." in noted
    assert "a pool, which has as many utterances of each class" in noted and "at least 15" in noted


def test_missing_intervals_have_a_reason(monkeypatch):
    monkeypatch.setattr(scores, "ua_interval", lambda *_, **__: None)
    noted = notes("IV", {MDAT: outcome(MDAT), LINEAR: outcome(LINEAR)})
    assert "In 2 of 2 cells there is no interval, because fewer than 1,000 of 2,000,000" in noted
