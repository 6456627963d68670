"""From recordings without transcripts to a features file that has them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import toy_corpora

from mdat_data import InputError
from mdat_data.cache import Cache, exclusive
from mdat_data.cache.merge import merge
from mdat_extract.asr import recognizer
from mdat_extract.asr.recognizer import Ctc, load_recognizer
from mdat_extract.asr.transcribe import recognize, transcripts_file
from mdat_extract.config import ExtractSettings
from mdat_extract.encode import extract
from mdat_extract.encoders.pretrained import locate
from mdat_extract.inputs.audio import load
from mdat_extract.inputs.prepared_corpus import prepare
from mdat_extract.inputs.transcripts import read_table


@pytest.fixture
def settings(tmp_path: Path, models: Path) -> ExtractSettings:
    """Four recordings of a toy URDU, and a recogniser."""
    toy_corpora.write_urdu(tmp_path / "urdu")
    return ExtractSettings(
        corpus="urdu",
        root=tmp_path / "urdu",
        out=tmp_path / "out" / "urdu.h5",
        speech_encoder="logmel",
        text_encoder="char-ngram",
        asr=str(models / "ctc"),
        device="cpu",
        limit=4,
    )


def texts(settings: ExtractSettings) -> dict[str, str]:
    """What the features file holds."""
    with Cache(settings.out) as cache:
        return {u.id: u.transcript for u in cache.utterances}


def table(settings: ExtractSettings) -> dict[str, str]:
    """What the table of transcripts holds."""
    rows = read_table(transcripts_file(settings.out), ["id", "text"])
    return {row["id"]: row["text"] for row in rows}


def interrupt_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C while a recording is recognised."""
    calls = iter(range(100))
    transcribe = Ctc.transcribe

    def failing(self: Ctc, waveform: np.ndarray, language: str) -> str:
        if next(calls) == number:
            raise KeyboardInterrupt
        return transcribe(self, waveform, language)

    monkeypatch.setattr(Ctc, "transcribe", failing)


def test_every_recording_has_what_the_model_writes(settings: ExtractSettings) -> None:
    extract(settings)
    ear = load_recognizer(locate(str(settings.asr)), device="cpu")
    expected = {
        path.stem: ear.transcribe(load(path), "ur")
        for path in (settings.root or Path()).glob("*/*.wav")
        if path.stem in texts(settings)
    }
    assert len(expected) == 4 and any(expected.values())
    assert texts(settings) == table(settings) == expected


def test_only_the_used_part_is_heard(settings: ExtractSettings) -> None:
    extract(replace(settings, max_seconds=0.1))
    rows = read_table(transcripts_file(settings.out), ["seconds"])
    assert [row["seconds"] for row in rows] == ["0.1000"] * 4


def test_provenance_tells_who_recognised_how_many(settings: ExtractSettings) -> None:
    extract(settings)
    source = locate(str(settings.asr))
    with Cache(settings.out) as cache:
        text = cache.provenance.text
        assert (text.recognizer, text.recognized) == (f"ctc@{source.revision}", 4)
        assert cache.provenance.speech.recognizer is None
        assert {"torch", "transformers"} <= set(cache.provenance.versions)


def test_versions_name_only_what_was_used(settings: ExtractSettings) -> None:
    extract(replace(settings, asr=None))
    with Cache(settings.out) as cache:
        assert not {"torch", "transformers"} & set(cache.provenance.versions)


def test_the_file_is_held_while_it_is_recognised(
    settings: ExtractSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another(*given: object) -> str:
        with pytest.raises(InputError, match="is being written"), exclusive(settings.out):
            pass
        return "held"

    monkeypatch.setattr(Ctc, "transcribe", another)
    extract(settings)
    assert list(texts(settings).values()) == ["held"] * 4


def test_shards_are_joined_though_one_has_nothing_to_recognise(
    settings: ExtractSettings, tmp_path: Path
) -> None:
    one, two = (
        replace(
            settings,
            shard=f"{n}/2",
            batch_seconds=0.1,
            transcripts=tmp_path / "mine.tsv",
            out=tmp_path / f"{n}.h5",
        )
        for n in (1, 2)
    )
    (tmp_path / "mine.tsv").write_text("id\ttext\n")
    ids = [r.utterance.id for r in prepare(two).recordings]
    (tmp_path / "mine.tsv").write_text("\n".join(["id\ttext", *(f"{id}\tby hand" for id in ids)]))
    extract(one)
    extract(two)
    assert not transcripts_file(two.out).exists()
    merge([one.out, two.out], settings.out)
    assert texts(settings) == dict(sorted({**texts(one), **texts(two)}.items()))
    with Cache(settings.out) as cache:
        text = cache.provenance.text
    assert (str(text.recognizer).split("@")[0], text.recognized) == ("ctc", 4 - len(ids))


def test_the_user_s_table_comes_before_the_recogniser(
    settings: ExtractSettings, tmp_path: Path
) -> None:
    first, second, *rest = (r.utterance.id for r in prepare(settings).recordings)
    (tmp_path / "mine.tsv").write_text(f"id\ttext\n{first}\tby hand\n{second}\t\n")
    material = recognize(settings, prepare(replace(settings, transcripts=tmp_path / "mine.tsv")))
    found = {r.utterance.id: r.utterance.transcript for r in material.recordings}
    assert (found[first], found[second]) == ("by hand", "")
    assert material.recognized == tuple(rest) == tuple(table(settings))


def test_the_corpus_comes_before_the_recogniser(settings: ExtractSettings, tmp_path: Path) -> None:
    paths = sorted((settings.root or Path()).glob("*/*.wav"))[:2]
    rows = [f"{path.stem},{path},sad,{path.stem[:3]},{i * 'said'}" for i, path in enumerate(paths)]
    (tmp_path / "m.csv").write_text("\n".join(["id,audio,emotion,speaker,transcript", *rows]))
    material = recognize(settings, prepare(replace(settings, corpus=str(tmp_path / "m.csv"))))
    assert [r.utterance.transcript for r in material.recordings][1] == "said"
    assert material.recognized == (paths[0].stem,)


def test_where_nothing_is_missing_nothing_is_loaded(
    settings: ExtractSettings, tmp_path: Path
) -> None:
    toy_corpora.write_emodb(tmp_path / "emodb")
    here = replace(settings, corpus="emodb", root=tmp_path / "emodb", asr="nobody/nothing")
    material = prepare(here)
    assert recognize(here, material) is material
    assert not transcripts_file(here.out).exists()


@pytest.mark.parametrize("number", [0, 2])
def test_an_interrupted_recognition_goes_on(
    number: int, settings: ExtractSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = replace(settings, out=settings.out.with_name("whole.h5"))
    extract(whole)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_at(number, patch)
        extract(settings)
    calls: list[tuple[int, float]] = []
    material = prepare(settings)
    recognize(settings, material, lambda *call: calls.append(call))
    assert [utterances for utterances, _ in calls] == [number, *[1] * (4 - number)]
    seconds = sum(r.duration for r in material.recordings)
    assert sum(s for _, s in calls) == pytest.approx(seconds)
    assert table(settings) == table(whole)


def test_what_is_there_is_not_recognised_again(
    settings: ExtractSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract(settings)
    monkeypatch.delattr(recognizer, "load_recognizer")
    assert extract(settings).nothing_to_do


def test_a_larger_limit_recognises_the_rest(settings: ExtractSettings) -> None:
    few, more = replace(settings, limit=2), prepare(settings)
    recognize(few, prepare(few))
    assert len(table(settings)) == 2
    calls: list[int] = []
    recognize(settings, more, lambda utterances, _: calls.append(utterances))
    assert calls == [2, 1, 1]
    recognize(few, prepare(few))
    assert len(table(settings)) == 4


def test_corrections_are_given_back(settings: ExtractSettings) -> None:
    extract(settings)
    path = transcripts_file(settings.out)
    id, text = next((id, text) for id, text in table(settings).items() if text)
    path.write_text(path.read_text().replace(f"{id}\t{text}\t", f"{id}\tcorrected by hand\t"))
    again = replace(settings, asr=None, transcripts=path, out=settings.out.with_name("again.h5"))
    extract(again)
    assert texts(again) == texts(settings) | {id: "corrected by hand"}
    with Cache(again.out) as cache:
        row = [u.id for u in cache.utterances].index(id)
        assert cache.tokens(row) == ("corrected", "by", "hand")
        assert cache.provenance.text.recognizer is None


def test_another_model_is_refused(settings: ExtractSettings, models: Path) -> None:
    extract(settings)
    other = replace(settings, asr=str(models / "whisper"))
    with pytest.raises(InputError, match=r"otherwise:\n  \w+: model ctc@sha256:\w+ there, whisper"):
        extract(other)


def test_a_language_that_the_model_does_not_write_is_refused(
    settings: ExtractSettings, models: Path
) -> None:
    material = prepare(replace(settings, asr=str(models / "whisper.en")))
    with pytest.raises(InputError, match="the corpus says 'ur'. It writes: en"):
        recognize(replace(settings, asr=str(models / "whisper.en")), material)
    assert not settings.out.parent.exists()
