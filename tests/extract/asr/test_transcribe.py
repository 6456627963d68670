"""From recordings without transcripts to a features file that has them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import toy_corpora
from recorded_progress import RecordedProgress

from mdat_data import InputError
from mdat_data.cache import exclusive, open_features
from mdat_data.cache.merge import merge
from mdat_extract.asr import recognizer
from mdat_extract.asr.recognizer import Ctc, load_recognizer
from mdat_extract.asr.transcribe import transcribe_missing, transcripts_file
from mdat_extract.config import ExtractConfig
from mdat_extract.encode import extract
from mdat_extract.encoders.locate import locate
from mdat_extract.inputs.audio import load
from mdat_extract.inputs.prepared_corpus import PreparedCorpus, prepare
from mdat_extract.inputs.transcripts import read_rows
from mdat_extract.progress import Silent


@pytest.fixture
def config(tmp_path: Path, models: Path) -> ExtractConfig:
    """Four recordings of a toy URDU, and a recogniser."""
    toy_corpora.write_urdu(tmp_path / "urdu")
    return ExtractConfig(
        corpus="urdu",
        root=tmp_path / "urdu",
        out=tmp_path / "out" / "urdu.h5",
        speech_encoder="logmel",
        text_encoder="char-ngram",
        asr=str(models / "ctc"),
        device="cpu",
        limit=4,
    )


def transcribe(config: ExtractConfig, corpus: PreparedCorpus) -> PreparedCorpus:
    return transcribe_missing(config, corpus, Silent())


def texts(config: ExtractConfig) -> dict[str, str]:
    """The transcripts in the features file."""
    with open_features(config.out) as file:
        return {u.id: u.transcript for u in file.utterances}


def table(config: ExtractConfig) -> dict[str, str]:
    """The transcripts in the table."""
    rows = read_rows(transcripts_file(config.out), ["id", "text"])
    return {row["id"]: row["text"] for row in rows}


def interrupt_at(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Ctrl-C while a recording is recognised."""
    calls = iter(range(100))
    original = Ctc.transcribe

    def failing(self: Ctc, waveform: np.ndarray, language: str) -> str:
        if next(calls) == number:
            raise KeyboardInterrupt
        return original(self, waveform, language)

    monkeypatch.setattr(Ctc, "transcribe", failing)


def test_every_recording_has_what_the_model_writes(config: ExtractConfig) -> None:
    extract(config)
    ear = load_recognizer(locate(str(config.asr)), device="cpu")
    expected = {
        path.stem: ear.transcribe(load(path), "ur")
        for path in (config.root or Path()).glob("*/*.wav")
        if path.stem in texts(config)
    }
    assert len(expected) == 4 and any(expected.values())
    assert texts(config) == table(config) == expected


def test_only_the_used_part_is_recognised(config: ExtractConfig) -> None:
    extract(replace(config, max_seconds=0.1))
    rows = read_rows(transcripts_file(config.out), ["id", "seconds"])
    assert [row["seconds"] for row in rows] == ["0.1000"] * 4


def test_provenance_has_the_recogniser_and_the_number_of_its_transcripts(
    config: ExtractConfig,
) -> None:
    extract(config)
    source = locate(str(config.asr))
    with open_features(config.out) as file:
        text = file.provenance.text
        assert (text.recognizer, text.recognized) == (f"ctc@{source.revision}", 4)
        assert file.provenance.speech.recognizer is None
        assert {"torch", "transformers"} <= set(file.provenance.versions)


def test_versions_are_those_of_the_used_packages(config: ExtractConfig) -> None:
    extract(replace(config, asr=None))
    with open_features(config.out) as file:
        assert not {"torch", "transformers"} & set(file.provenance.versions)


def test_the_file_is_held_while_it_is_recognised(
    config: ExtractConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def another(*given: object) -> str:
        with pytest.raises(InputError, match="is being written"), exclusive(config.out):
            pass
        return "held"

    monkeypatch.setattr(Ctc, "transcribe", another)
    extract(config)
    assert list(texts(config).values()) == ["held"] * 4


def test_shards_are_merged_although_one_has_nothing_to_recognise(
    config: ExtractConfig, tmp_path: Path
) -> None:
    one, two = (
        replace(
            config,
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
    merge([one.out, two.out], config.out)
    assert texts(config) == dict(sorted({**texts(one), **texts(two)}.items()))
    with open_features(config.out) as file:
        text = file.provenance.text
    assert (str(text.recognizer).split("@")[0], text.recognized) == ("ctc", 4 - len(ids))


def test_the_user_s_table_has_priority_over_the_recogniser(
    config: ExtractConfig, tmp_path: Path
) -> None:
    first, second, *rest = (r.utterance.id for r in prepare(config).recordings)
    (tmp_path / "mine.tsv").write_text(f"id\ttext\n{first}\tby hand\n{second}\t\n")
    corpus = transcribe(config, prepare(replace(config, transcripts=tmp_path / "mine.tsv")))
    found = {r.utterance.id: r.utterance.transcript for r in corpus.recordings}
    assert (found[first], found[second]) == ("by hand", "")
    assert corpus.recognized == tuple(rest) == tuple(table(config))


def test_the_corpus_has_priority_over_the_recogniser(config: ExtractConfig, tmp_path: Path) -> None:
    paths = sorted((config.root or Path()).glob("*/*.wav"))[:2]
    rows = [f"{path.stem},{path},sad,{path.stem[:3]},{i * 'said'}" for i, path in enumerate(paths)]
    (tmp_path / "m.csv").write_text("\n".join(["id,audio,emotion,speaker,transcript", *rows]))
    corpus = transcribe(config, prepare(replace(config, corpus=str(tmp_path / "m.csv"))))
    assert [r.utterance.transcript for r in corpus.recordings][1] == "said"
    assert corpus.recognized == (paths[0].stem,)


def test_no_model_is_loaded_if_no_transcript_is_missing(
    config: ExtractConfig, tmp_path: Path
) -> None:
    toy_corpora.write_emodb(tmp_path / "emodb")
    here = replace(config, corpus="emodb", root=tmp_path / "emodb", asr="nobody/nothing")
    corpus = prepare(here)
    assert transcribe(here, corpus) is corpus
    assert not transcripts_file(here.out).exists()


@pytest.mark.parametrize("number", [0, 2])
def test_an_interrupted_recognition_continues(
    number: int, config: ExtractConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = replace(config, out=config.out.with_name("whole.h5"))
    extract(whole)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt_at(number, patch)
        extract(config)
    progress, corpus = RecordedProgress(), prepare(config)
    transcribe_missing(config, corpus, progress)
    calls = progress.calls["transcribe"]
    assert [utterances for utterances, _ in calls] == [number, *[1] * (4 - number)]
    seconds = sum(r.duration for r in corpus.recordings)
    assert sum(s for _, s in calls) == pytest.approx(seconds)
    assert progress.totals == {"transcribe": (4, pytest.approx(seconds))}
    assert table(config) == table(whole)


def test_finished_transcripts_are_not_recognised_again(
    config: ExtractConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract(config)
    monkeypatch.delattr(recognizer, "load_recognizer")
    assert extract(config).nothing_to_do


def test_a_larger_limit_recognises_the_rest(config: ExtractConfig) -> None:
    few, more = replace(config, limit=2), prepare(config)
    transcribe(few, prepare(few))
    assert len(table(config)) == 2
    progress = RecordedProgress()
    transcribe_missing(config, more, progress)
    assert [utterances for utterances, _ in progress.calls["transcribe"]] == [2, 1, 1]
    transcribe(few, prepare(few))
    assert len(table(config)) == 4


def test_a_corrected_table_is_used_as_transcripts(config: ExtractConfig) -> None:
    extract(config)
    path = transcripts_file(config.out)
    id, text = next((id, text) for id, text in table(config).items() if text)
    path.write_text(path.read_text().replace(f"{id}\t{text}\t", f"{id}\tcorrected by hand\t"))
    again = replace(config, asr=None, transcripts=path, out=config.out.with_name("again.h5"))
    extract(again)
    assert texts(again) == texts(config) | {id: "corrected by hand"}
    with open_features(again.out) as file:
        row = [u.id for u in file.utterances].index(id)
        assert file.tokens(row) == ("corrected", "by", "hand")
        assert file.provenance.text.recognizer is None


def test_another_model_is_refused(config: ExtractConfig, models: Path) -> None:
    extract(config)
    other = replace(config, asr=str(models / "whisper"))
    with pytest.raises(InputError, match=r"settings:\n  \w+: model ctc@sha256:\w+ there, whisper"):
        extract(other)


def test_a_language_that_the_model_does_not_know_is_refused(
    config: ExtractConfig, models: Path
) -> None:
    english = replace(config, asr=str(models / "whisper.en"))
    with pytest.raises(InputError, match=r"that whisper.en knows \(en\), got 'ur'. Use"):
        transcribe(english, prepare(english))
    assert not config.out.parent.exists()
