"""The configuration that each protocol gives a study."""

from dataclasses import replace
from pathlib import Path

import h5py
import pytest
from toy_grids import TEMPLATE, write_corpora

from mdat_data import InputError
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
    config = config_of(study(protocol, name), corpora(), template=TEMPLATE)
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
def test_split_and_merged_emotions_are_those_of_the_protocol(of, split, merge):
    config = config_of(of, corpora(), template=replace(TEMPLATE, seeds=1, first_seed=3))
    assert (config.split, config.merge) == (split, merge)
    assert (config.seeds, config.first_seed, config.at_most) == (1, 3, 200)
    assert of.target is None or set(config.classes) == FOUR


def test_options_that_the_protocol_leaves_open_are_those_of_the_template():
    template = replace(TEMPLATE, modality="speech", text_layer="3", epochs=7)
    config = config_of(study("strict", "emodb", "urdu"), corpora(), template=template)
    assert (config.modality, config.text_layer, config.epochs) == ("speech", "3", 7)


def test_a_corpus_without_boredom_is_used_with_a_note():
    there = corpora(emodb=FOUR)
    across, within = study("paper", "emodb", "urdu"), study("paper", "emodb")
    assert config_of(across, there, template=TEMPLATE).merge == ()
    assert notes_on(across, there) == ("emodb.h5 has no boredom: its class sad is sadness only",)
    assert config_of(within, there, template=TEMPLATE).classes == tuple(sorted(FOUR))
    assert notes_on(within, there) == (
        "emodb.h5 has no boredom, disgust, fear, which the paper's classes include",
    )


@pytest.mark.parametrize("of", [study("strict", "emodb", "urdu"), study("paper", "iemocap")])
def test_where_nothing_is_missing_there_is_no_note(of):
    assert notes_on(of, corpora()) == ()


def test_copies_that_are_not_used_are_named(tmp_path):
    there = write_corpora(tmp_path, "emodb", "urdu")
    with h5py.File(tmp_path / "urdu.h5", "a") as file:
        file["audio_sha256"][1:3] = file["audio_sha256"][0]
    there["urdu"] = Corpus.of(tmp_path / "urdu.h5")
    assert notes_on(study("strict", "emodb", "urdu"), there) == (
        "urdu.h5 has 2 copies of recordings, which are not used",
    )


def test_a_corpus_is_read_from_its_features_file(tmp_path):
    corpus = write_corpora(tmp_path, "urdu")["urdu"]
    assert (corpus.path, corpus.emotions) == (tmp_path / "urdu.h5", FOUR)
    assert corpus.digest
    (tmp_path / "urdu.h5").write_text("no features")
    with pytest.raises(InputError, match="features file"):
        Corpus.of(tmp_path / "urdu.h5")
