from collections import Counter
from pathlib import Path

import pytest
import toy_corpora
from recordings import by_ffmpeg, film

from mdat_data import InputError
from mdat_extract.config import ExtractConfig
from mdat_extract.inputs.prepared_corpus import PreparedCorpus, prepare


@pytest.fixture
def root(tmp_path: Path) -> Path:
    toy_corpora.write_urdu(tmp_path / "urdu")
    return tmp_path / "urdu"


def prepare_urdu(root: Path, **options: object) -> PreparedCorpus:
    return prepare(ExtractConfig(corpus="urdu", root=root, out=Path("out.h5"), **options))


def spoil(root: Path, count: int) -> list[Path]:
    """Empty the first recordings."""
    spoilt = sorted(root.glob("Angry/*.wav"))[:count]
    [path.write_bytes(b"") for path in spoilt]
    return spoilt


def test_recordings_are_in_order_of_their_ids_with_duration_and_checksum(root: Path) -> None:
    recordings = prepare_urdu(root).recordings
    ids = [recording.utterance.id for recording in recordings]
    assert ids == sorted(ids) and len(ids) == 32
    assert all(0.2 <= recording.duration <= 0.4 for recording in recordings)
    assert len({recording.sha256 for recording in recordings}) == 32


def test_the_decoders_of_the_recordings_are_known(root: Path) -> None:
    pytest.importorskip("av")
    assert prepare_urdu(root).decoders == {"soundfile"}
    next(root.glob("Angry/*.wav")).write_bytes(by_ffmpeg("mp4", "aac"))
    assert prepare_urdu(root).decoders == {"soundfile", "av"}


def test_a_corpus_may_consist_of_films(tmp_path: Path) -> None:
    pytest.importorskip("av")
    for name in ("subject 1/anger/sentence 1/s1_an_1.avi", "subject 6/fear/s6_fe.avi"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(film("avi", "mpeg4", "pcm_s16le"))
    prepared = prepare(ExtractConfig(corpus="enterface", root=tmp_path, out=Path("out.h5")))
    assert [r.utterance.id for r in prepared.recordings] == ["s1_an_1", "s6_fe"]
    assert [r.duration for r in prepared.recordings] == pytest.approx([1 / 3, 1 / 3], abs=0.01)
    assert (prepared.decoders, prepared.failures) == ({"av"}, {})


def test_a_database_of_audformat_is_a_corpus(tmp_path: Path) -> None:
    toy = pytest.importorskip("toy_audformat")
    config = ExtractConfig(
        corpus=str(toy.write(toy.make_database(), tmp_path / "db")),
        emotion_column="emotion.train.emotion",
        out=tmp_path / "toy.h5",
    )
    prepared = prepare(config)
    assert [r.utterance.emotion for r in prepared.recordings] == ["neutral", "boredom"]
    assert (prepared.corpus.name, prepared.left_out) == ("toy", {"no emotion": 2})
    assert prepared.missing == {"wav/3.wav"}


def test_all_bad_recordings_are_listed_together(root: Path) -> None:
    first, second = spoil(root, 2)
    with pytest.raises(InputError, match="2 of 32 recordings cannot be used") as refused:
        prepare_urdu(root, max_failures=1)
    assert f"{first}: empty" in str(refused.value)
    assert f"{second}: empty" in str(refused.value)


def test_allowed_failures_are_left_out_and_listed(root: Path) -> None:
    spoilt = spoil(root, 2)
    prepared = prepare_urdu(root, max_failures=2)
    assert len(prepared.recordings) == 30
    assert set(prepared.failures) == {path.stem for path in spoilt}


def test_long_recordings_are_unusable_with_long_error(root: Path) -> None:
    durations = {r.utterance.id: r.duration for r in prepare_urdu(root).recordings}
    longer = {id for id, duration in durations.items() if duration > 0.3}
    options = {"max_seconds": 0.3, "long": "error"}
    with pytest.raises(InputError, match=r"(?s)wav: too long: 0\.[34] s, .*--max-seconds 0\.3;"):
        prepare_urdu(root, **options)
    prepared = prepare_urdu(root, **options, max_failures=31)
    assert set(prepared.failures) == longer != set()
    assert {r.utterance.id for r in prepared.recordings} == set(durations) - longer


def test_a_corpus_of_failures_only_is_refused(root: Path) -> None:
    spoil(root, 1)
    with pytest.raises(InputError, match="1 of 1 recordings cannot be used"):
        prepare_urdu(root, max_failures=9, limit=1)


def test_a_limit_takes_the_emotions_in_turn(root: Path) -> None:
    ten = prepare_urdu(root, limit=10).recordings
    six = prepare_urdu(root, limit=6).recordings
    assert sorted(Counter(r.utterance.emotion for r in ten).values()) == [2, 2, 3, 3]
    assert set(six) < set(ten)


def test_transcripts_are_filled_in_before_the_limit(root: Path, tmp_path: Path) -> None:
    table = tmp_path / "texts.tsv"
    lines = [f"{path.stem}\tsaid" for path in root.glob("*/*.wav")]
    table.write_text("id\ttext\n" + "\n".join(lines))
    recordings = prepare_urdu(root, transcripts=table, limit=3).recordings
    assert [recording.utterance.transcript for recording in recordings] == ["said"] * 3
