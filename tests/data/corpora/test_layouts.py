"""The readers of corpora whose recordings are not at hand, proved on the names of all their files.

Counts of files and speakers are the published ones, except where a comment says why not.
"""

from collections import Counter
from dataclasses import dataclass
from importlib import import_module

import layouts
import pytest

from mdat_data.catalogue import entry
from mdat_data.corpora import read_corpus
from mdat_data.corpus import Corpus


@dataclass(frozen=True)
class Published:
    """What is known about a corpus.

    Attributes:
        files: Number of recordings.
        speakers: Number of speakers.
        emotions: The label of the layout -> our word.
        women: Number of female speakers; the others are men, except where it is None: unknown.
        left_out: What is left out on purpose.
    """

    files: int
    speakers: int
    emotions: dict[str, str]
    women: int | None = None
    left_out: dict[str, int] | None = None


LETTERS = {"a": "angry", "d": "disgust", "f": "fear", "h": "happy", "n": "neutral"}
WORDS = {word: word for word in ("angry", "disgust", "fear", "happy", "neutral", "sad", "surprise")}
CAPITAL = {word.capitalize(): word for word in WORDS}
ESD = {label: CAPITAL[label] for label in ("Angry", "Happy", "Neutral", "Sad", "Surprise")}
NOUNS = {"anger": "angry", "happiness": "happy", "sadness": "sad"}
FRENCH = {"c": "angry", "d": "disgust", "j": "happy", "n": "neutral", "p": "fear"}
FRENCH |= {"s": "surprise", "t": "sad"}

CORPORA = {
    # The first version had five speakers; the names of this one give six.
    "aesdd": Published(604, 6, {k: v for k, v in LETTERS.items() if k != "n"} | {"s": "sad"}),
    "ased": Published(
        2474,
        65,
        {k: v for k, v in LETTERS.items() if k != "d"} | {"s": "sad", "S": "sad"},
        women=25,
    ),
    "cafe": Published(936, 12, FRENCH, women=6),
    "casia": Published(1200, 4, {k: v for k, v in WORDS.items() if k != "disgust"}, women=2),
    "cremad": Published(
        7442,
        91,
        {
            "ANG": "angry",
            "DIS": "disgust",
            "FEA": "fear",
            "HAP": "happy",
            "NEU": "neutral",
            "SAD": "sad",
        },
        women=43,
        left_out={"silent": 1},
    ),
    "emodb": Published(
        535,
        10,
        {k: k for k in ("disgust", "fear", "neutral")}
        | NOUNS
        | {"happy": "happy", "sad": "sad", "boredem": "boredom"},
        women=5,
    ),
    "emovo": Published(
        588,
        6,
        {
            "dis": "disgust",
            "gio": "happy",
            "neu": "neutral",
            "pau": "fear",
            "rab": "angry",
            "sor": "surprise",
            "tri": "sad",
        },
        women=3,
    ),
    "emovdb": Published(
        6887,
        4,
        {k: CAPITAL[k] for k in ("Angry", "Disgust", "Neutral")}
        | {"Amused": "amused", "Sleepy": "sleepy"},
        women=2,
    ),
    # There are 44 numbers, but nobody is number 12.
    "enterface": Published(
        1263,
        43,
        {
            "an": "angry",
            "di": "disgust",
            "fe": "fear",
            "ha": "happy",
            "sa": "sad",
            "su": "surprise",
        },
    ),
    "esd-en": Published(17500, 10, ESD, women=5, left_out={"other language": 17500}),
    "esd-zh": Published(17500, 10, ESD, women=5, left_out={"other language": 17500}),
    "jlcorpus": Published(
        2400,
        4,
        {word: word for word in ("angry", "excited", "happy", "neutral", "sad")}
        | {word: word for word in ("anxious", "apologetic", "assertive", "concerned")}
        | {"encouraging": "encouraging"},
        women=2,
    ),
    # Eleven speakers have three kinds of voice, and the names give only these.
    "mesd": Published(
        862,
        3,
        {k: CAPITAL[k] for k in ("Disgust", "Fear", "Neutral")}
        | {k.capitalize(): v for k, v in NOUNS.items()},
    ),
    "oreau": Published(434, 32, {k.upper(): v for k, v in FRENCH.items()}, women=7),
    "polish": Published(450, 5, {"a": "angry", "n": "neutral", "s": "fear"}, women=0),
    "ravdess": Published(
        1440,
        24,
        {k: v for k, v in CAPITAL.items() if k not in ("Fear", "Surprise")}
        | {"Calm": "calm", "Fearful": "fear", "Surprised": "surprise"},
        women=12,
    ),
    # Published are 200 people, whom no name tells; the two roles of fifty dialogues count here.
    "resd": Published(
        1396,
        100,
        NOUNS | {k: k for k in ("disgust", "enthusiasm", "fear", "neutral")},
    ),
    "savee": Published(480, 4, LETTERS | {"sa": "sad", "su": "surprise"}, women=0),
    "shemo": Published(
        2838,
        87,
        {k: k for k in ("angry", "happy", "neutral", "sad")}
        | {"fearful": "fear", "surprised": "surprise"},
        women=31,
    ),
    "subesco": Published(7000, 20, WORDS, women=10),
    "tess": Published(
        2800,
        2,
        {k: v for k, v in WORDS.items() if k != "surprise"} | {"ps": "surprise"},
        women=2,
    ),
    "turevdb": Published(
        1735, 6, {k: CAPITAL[k] for k in ("Angry", "Happy", "Sad")} | {"Calm": "calm"}
    ),
    # Its README counts 38 speakers; the names give 29.
    "urdu": Published(400, 29, {"A": "angry", "H": "happy", "N": "neutral", "S": "sad"}, women=11),
}

pytestmark = pytest.mark.parametrize("name", CORPORA)


@pytest.fixture(scope="module")
def corpora() -> dict[str, Corpus]:
    """The corpora that were read already."""
    return {}


@pytest.fixture
def corpus(
    name: str, corpora: dict[str, Corpus], tmp_path_factory: pytest.TempPathFactory
) -> Corpus:
    """A corpus of empty files, read."""
    if name not in corpora:
        files = layout(name)
        root = tmp_path_factory.getbasetemp() / name.partition("-")[0]
        if not root.exists():
            layouts.make_files(root, files)
        corpora[name] = read_corpus(name, root)
    return corpora[name]


def layout(name: str) -> list[layouts.File]:
    """The files of a corpus; both halves of ESD have one layout."""
    return layouts.read_layout(layouts.WHOLE / f"{name.partition('-')[0]}.tsv")


def test_no_file_is_missing(name: str, corpus: Corpus) -> None:
    published = CORPORA[name]
    assert corpus.left_out == (published.left_out or {})
    silent = corpus.left_out.get("silent", 0)
    assert len(corpus.utterances) == published.files - silent
    assert len(layout(name)) == len(corpus.utterances) + sum(corpus.left_out.values())


def test_every_path_gives_its_label(name: str, corpus: Corpus) -> None:
    emotions = CORPORA[name].emotions
    listed = {file.path: emotions[file.label] for file in layout(name)}
    read = {u.audio.relative_to(corpus.root).as_posix(): u.emotion for u in corpus.utterances}
    assert read == {path: listed[path] for path in read}
    assert {*read.values()} == {*emotions.values()}


def test_the_labels_of_the_module_are_those_of_the_layout(name: str) -> None:
    module = import_module(f"mdat_data.corpora.{name.replace('-', '_')}")
    assert {*module.LABELS.values()} == {*CORPORA[name].emotions.values()}


def test_speakers_are_as_published(name: str, corpus: Corpus) -> None:
    sexes = {(u.speaker, u.sex) for u in corpus.utterances}
    assert len({speaker for speaker, _ in sexes}) == CORPORA[name].speakers
    assert len(sexes) == CORPORA[name].speakers  # nobody has two
    counts = Counter(sex for _, sex in sexes)
    if (women := CORPORA[name].women) is not None:
        assert (counts["female"], counts["male"]) == (women, CORPORA[name].speakers - women)
    else:
        assert counts[""] >= 1


def test_the_size_is_that_of_the_layout(name: str, corpus: Corpus) -> None:
    size = entry(name).size
    seconds = {file.path: file.seconds for file in layout(name)}
    hours = sum(seconds[u.audio.relative_to(corpus.root).as_posix()] for u in corpus.utterances)
    assert (size.recordings, size.speakers) == (len(corpus.utterances), CORPORA[name].speakers)
    assert size.hours == pytest.approx(hours / 3600, abs=0.05)


def test_a_group_has_only_whole_speakers(name: str, corpus: Corpus) -> None:
    assert len({(u.speaker, u.group) for u in corpus.utterances}) == CORPORA[name].speakers


def test_the_toy_is_the_beginning_of_the_layout(name: str) -> None:
    if name in ("emodb", "emovo", "urdu"):
        pytest.skip("its toy has sound and every oddity")
    toy = layouts.read_layout(layouts.TOYS / f"{name.replace('-', '_')}.tsv")
    files = layout(name)
    start = next(row for row, file in enumerate(files) if file == toy[0])
    assert toy == files[start : start + 10]
    assert start == 0 or name == "esd-en"
