"""What every corpus keeps to. Whoever adds a module has it tested here."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from mdat_data import EMOTIONS
from mdat_data.corpora import names, read_corpus
from mdat_data.corpus import Corpus

pytestmark = pytest.mark.parametrize("name", names())


def module(name: str) -> ModuleType:
    return import_module(f"mdat_data.corpora.{name.replace('-', '_')}")


@pytest.mark.parametrize(
    "heading", ["Origin:", "Obtain:", "Licence:", "Layout:", "Oddities:", "Citation:"]
)
def test_docstring_is_the_documentation(name: str, heading: str) -> None:
    assert f"\n{heading} " in (module(name).__doc__ or "")


def test_labels_are_our_words(name: str) -> None:
    assert set(module(name).LABELS.values()) <= {*EMOTIONS, None}


def test_language_is_the_module_s(name: str, toy: Callable[[str], Corpus]) -> None:
    corpus = toy(name)
    assert {corpus.language, *(each.language for each in corpus.utterances)} == {
        module(name).LANGUAGE
    }


def test_ids_are_unique_and_in_order(name: str, toy: Callable[[str], Corpus]) -> None:
    ids = [utterance.id for utterance in toy(name).utterances]
    assert ids == sorted(set(ids))


def test_utterances_are_complete(name: str, toy: Callable[[str], Corpus]) -> None:
    assert all(
        each.audio.is_file() and each.speaker and each.group and each.emotion in EMOTIONS
        for each in toy(name).utterances
    )


def test_speakers_and_emotions_allow_splits(name: str, toy: Callable[[str], Corpus]) -> None:
    said = {(each.speaker, each.emotion) for each in toy(name).utterances}
    speakers, emotions = (set(values) for values in zip(*said, strict=True))
    assert len(speakers) >= 4
    assert emotions >= {"angry", "happy", "neutral", "sad"}


def test_speakers_are_in_one_group(name: str, toy: Callable[[str], Corpus]) -> None:
    utterances = toy(name).utterances
    pairs = {(each.speaker, each.group) for each in utterances}
    assert len(pairs) == len({each.speaker for each in utterances})


def test_second_reading_is_equal(name: str, toy: Callable[[str], Corpus]) -> None:
    assert read_corpus(name, toy(name).root) == toy(name)


def test_moving_changes_only_the_audio(
    name: str, toy: Callable[[str], Corpus], tmp_path: Path
) -> None:
    corpus = toy(name)
    shutil.copytree(corpus.root, tmp_path / "elsewhere")
    moved = read_corpus(name, tmp_path / "elsewhere")
    assert moved.utterances == tuple(
        replace(each, audio=tmp_path / "elsewhere" / each.audio.relative_to(corpus.root))
        for each in corpus.utterances
    )
