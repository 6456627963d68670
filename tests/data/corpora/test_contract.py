"""The contract of a corpus module. A new module is tested here without further registration."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

import layouts
import pytest

from mdat_data import EMOTIONS
from mdat_data.catalogue import HEADINGS, entry
from mdat_data.corpora import names, read_corpus
from mdat_data.corpus import Corpus

pytestmark = pytest.mark.parametrize("name", names())

OF_THEIR_OWN = {
    *("amused", "anxious", "apologetic", "assertive", "concerned", "encouraging", "enthusiasm"),
    "sleepy",
}
"""Words of a corpus that no common word covers. Its oddities name them."""


def module(name: str) -> ModuleType:
    return import_module(f"mdat_data.corpora.{name.replace('-', '_')}")


def has_layout(name: str) -> bool:
    """Whether the toy copy has the first ten files of the corpus, instead of every oddity."""
    return (layouts.TOYS / f"{name.replace('-', '_')}.tsv").is_file()


def sections(name: str) -> list[str]:
    """The docstring, divided into the headings and their text."""
    headings = "|".join(HEADINGS)
    return re.split(rf"^({headings}): ", module(name).__doc__ or "", flags=re.MULTILINE)


def test_the_docstring_has_every_heading_once_and_in_order(name: str) -> None:
    title, *rest = sections(name)
    assert re.match(r"\S.*\.\n\n$", title)
    assert tuple(rest[::2]) == HEADINGS
    assert all(text.strip() for text in rest[1::2])


def test_the_language_is_a_code(name: str) -> None:
    assert re.fullmatch("[a-z]{2}", module(name).LANGUAGE)


def test_the_size_is_positive(name: str) -> None:
    size = module(name).SIZE
    assert size.recordings >= size.speakers > 1
    assert 0.5 < size.hours * 3600 / size.recordings < 10  # seconds of a recording


def test_licence_and_source_are_short(name: str) -> None:
    known = entry(name)
    assert 0 < len(known.licence) <= 50
    assert re.match(r"https?://\S+$|pip install ", known.source)


def test_labels_are_our_emotion_words_or_named_among_the_oddities(name: str) -> None:
    labels = module(name).LABELS
    assert {type(code) for code in labels} == {str}
    assert {*labels.values()} <= {*EMOTIONS, *OF_THEIR_OWN, None}
    assert {*labels.values()} - {None}
    oddities = sections(name)[2 * HEADINGS.index("Oddities") + 2]
    assert {*labels.values()} & OF_THEIR_OWN <= set(re.findall(r"\w+", oddities.lower()))


def test_the_bibtex_entry_is_that_of_the_citation(name: str) -> None:
    bibtex, citation = module(name).BIBTEX, sections(name)[-1]
    assert re.fullmatch(
        r"\n@[a-z]+\{[a-z0-9]+,\n(  \w+ += \{[^=]+\},\n)+  \w+ += \{.+\}\n\}\n", bibtex
    )
    fields = dict(re.findall(r"(?ms)^  (\w+) += \{(.+?)\},?$", bibtex))
    assert {"author", "title"} <= fields.keys()
    title = " ".join(fields["title"].translate({ord("{"): None, ord("}"): None}).split())
    assert title in " ".join(citation.split())
    assert fields.get("year", "") in citation


def test_the_language_of_utterances_is_that_of_the_module(
    name: str, toy: Callable[[str], Corpus]
) -> None:
    corpus = toy(name)
    assert {corpus.language, *(each.language for each in corpus.utterances)} == {
        module(name).LANGUAGE
    }


def test_emotions_are_labels_of_the_module(name: str, toy: Callable[[str], Corpus]) -> None:
    said = {each.emotion for each in toy(name).utterances}
    labels = {emotion for emotion in module(name).LABELS.values() if emotion}
    assert said <= labels if has_layout(name) else said == labels


def test_ids_are_unique_and_in_order(name: str, toy: Callable[[str], Corpus]) -> None:
    ids = [utterance.id for utterance in toy(name).utterances]
    assert ids and ids == sorted(set(ids))


def test_utterances_are_complete(name: str, toy: Callable[[str], Corpus]) -> None:
    assert all(
        each.audio.is_file() and each.speaker and each.group and each.emotion
        for each in toy(name).utterances
    )


def test_the_sex_is_a_word_of_ours_and_that_of_the_speaker(
    name: str, toy: Callable[[str], Corpus]
) -> None:
    sexes = {(each.speaker, each.sex) for each in toy(name).utterances}
    assert {sex for _, sex in sexes} <= {"female", "male", ""}
    assert len(sexes) == len({speaker for speaker, _ in sexes})


def test_nothing_is_left_out_of_a_layout(name: str, toy: Callable[[str], Corpus]) -> None:
    if not has_layout(name):
        pytest.skip("only where the toy is the beginning of a layout")
    corpus = toy(name)
    assert (len(corpus.utterances), corpus.left_out) == (10, {})


def test_speakers_and_emotions_allow_splits(name: str, toy: Callable[[str], Corpus]) -> None:
    if has_layout(name):
        pytest.skip("ten files are too few")
    said = {(each.speaker, each.emotion) for each in toy(name).utterances}
    speakers, emotions = (set(values) for values in zip(*said, strict=True))
    assert len(speakers) >= 4
    assert emotions >= {"angry", "happy", "neutral", "sad"}


def test_speakers_are_in_one_group(name: str, toy: Callable[[str], Corpus]) -> None:
    utterances = toy(name).utterances
    pairs = {(each.speaker, each.group) for each in utterances}
    assert len(pairs) == len({each.speaker for each in utterances})


def test_a_second_reading_is_equal(name: str, toy: Callable[[str], Corpus]) -> None:
    assert read_corpus(name, toy(name).root) == toy(name)


def test_moving_the_folder_changes_only_the_audio(
    name: str, toy: Callable[[str], Corpus], tmp_path: Path
) -> None:
    corpus = toy(name)
    shutil.copytree(corpus.root, tmp_path / "elsewhere")
    moved = read_corpus(name, tmp_path / "elsewhere")
    assert moved.utterances == tuple(
        replace(each, audio=tmp_path / "elsewhere" / each.audio.relative_to(corpus.root))
        for each in corpus.utterances
    )
