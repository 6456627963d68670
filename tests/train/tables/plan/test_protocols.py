"""What each protocol makes of a study."""

from pathlib import Path

import pytest
from toy_grids import LEARNING

from mdat_train.tables.plan.protocols import Corpus, config_of, notes_on
from mdat_train.tables.plan.study import Study

SEVEN = frozenset({"angry", "boredom", "disgust", "fear", "happy", "neutral", "sad"})
FOUR = frozenset({"angry", "happy", "neutral", "sad"})


def corpora(**changed: frozenset[str]) -> dict[str, Corpus]:
    emotions = {
        "iemocap": FOUR | {"excited", "frustrated"},
        "emodb": SEVEN,
        "emovo": SEVEN - {"boredom"} | {"surprise"},
        "urdu": FOUR,
    } | changed
    return {
        name: Corpus(path=Path(f"{name}.h5"), digest=name, emotions=of)
        for name, of in emotions.items()
    }


def study(protocol: str, source: str, target: str | None = None) -> Study:
    return Study(protocol=protocol, source=source, target=target, model="mdat")


@pytest.mark.parametrize("protocol", ["paper", "strict"])
@pytest.mark.parametrize(
    ("name", "classes"), [("iemocap", 4), ("emodb", 7), ("emovo", 6), ("urdu", 4)]
)
def test_table_ii_has_the_classes_of_the_paper(protocol, name, classes):
    config = config_of(study(protocol, name), corpora(), seed=0, shots=(0,), **LEARNING)
    assert len(config.classes) == classes
    assert ("boredom", "sad") not in config.merge
    assert config.target is None


@pytest.mark.parametrize(
    ("of", "split", "merge"),
    [
        (study("paper", "emodb"), "80-20", ()),
        (study("strict", "emodb"), "group", ()),
        (study("paper", "emodb", "urdu"), "random", (("boredom", "sad"),)),
        (study("strict", "emodb", "urdu"), "group", ()),
        (
            study("paper", "iemocap", "emodb"),
            "random",
            (("excited", "happy"), ("boredom", "sad")),
        ),
        (study("strict", "iemocap", "emodb"), "group", (("excited", "happy"),)),
    ],
    ids=str,
)
def test_how_speakers_and_words_are_taken(of, split, merge):
    config = config_of(of, corpora(), seed=3, shots=(0, 5), **LEARNING)
    assert (config.split, config.merge) == (split, merge)
    assert (config.seeds, config.first_seed, config.at_most) == (1, 3, 200)
    assert of.target is None or set(config.classes) == FOUR


def test_a_corpus_without_boredom_is_used_and_told():
    there = corpora(emodb=FOUR)
    across, within = study("paper", "emodb", "urdu"), study("paper", "emodb")
    assert config_of(across, there, seed=0, shots=(0,), **LEARNING).merge == ()
    assert notes_on(across, there) == ("emodb.h5 has no boredom: sad is sadness alone",)
    assert config_of(within, there, seed=0, shots=(0,), **LEARNING).classes == tuple(sorted(FOUR))
    assert notes_on(within, there) == (
        "emodb.h5 lacks boredom, disgust, fear, which the paper's classes include",
    )


@pytest.mark.parametrize("of", [study("strict", "emodb", "urdu"), study("paper", "iemocap")])
def test_where_nothing_is_lacking_nothing_is_told(of):
    assert notes_on(of, corpora()) == ()
