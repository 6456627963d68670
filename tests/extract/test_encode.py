import errno
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import tiny_models
import toy_corpora

from mdat_data import InputError
from mdat_data.cache import Cache, exclusive
from mdat_extract.inputs import prepared_corpus
from mdat_extract.config import ExtractSettings
from mdat_extract.encode import extract
from mdat_extract.encoders import speech_encoder, text_encoder
from mdat_extract.encoders.logmel import LogMel


@pytest.fixture
def settings(tmp_path: Path) -> ExtractSettings:
    """A toy EMO-DB in several batches, with the encoders that need no download."""
    toy_corpora.write_emodb(tmp_path / "emodb")
    return ExtractSettings(
        corpus="emodb",
        root=tmp_path / "emodb",
        out=tmp_path / "out" / "emodb.h5",
        speech_encoder="logmel",
        text_encoder="char-ngram",
        batch_seconds=2.0,
    )


def digest(path: Path) -> str:
    with Cache(path) as cache:
        return cache.digest


def fail_at(batch: int, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise an error while a batch is encoded."""
    calls = iter(range(100))
    encode = LogMel.encode

    def failing(self: LogMel, waveforms: list[np.ndarray]) -> list[dict[str, np.ndarray]]:
        if next(calls) == batch:
            raise error
        return encode(self, waveforms)

    monkeypatch.setattr(LogMel, "encode", failing)


def test_the_file_holds_what_the_encoders_give(settings: ExtractSettings) -> None:
    extract(replace(settings, store="float32"))
    how = {"layers": ["last"], "device": "cpu", "precision": "float32"}
    with Cache(settings.out) as cache:
        row = 5
        utterance = cache.utterances[row]
        waveform, _ = soundfile.read(settings.root / utterance.audio, dtype="float32")
        [speech] = speech_encoder("logmel", **how).encode([waveform])
        [text] = text_encoder("char-ngram", **how).encode([utterance.transcript])
        np.testing.assert_array_equal(cache.read("speech", "last", row), speech["last"])
        np.testing.assert_array_equal(cache.read("text", "last", row), text["last"])
        assert cache.tokens(row) == tuple(utterance.transcript.casefold().split())


def test_the_file_tells_how_it_was_made(settings: ExtractSettings) -> None:
    extract(settings)
    with Cache(settings.out) as cache:
        made = cache.provenance
    assert (made.corpus, made.language, made.store) == ("emodb", "de", "float16")
    assert (made.speech.encoder, made.speech.revision) == ("logmel", LogMel.revision)
    assert (made.speech.sampling_rate, made.speech.frames_per_second) == (16_000, 25)
    assert (made.speech.crop, made.text.crop) == ("30 s", "none")
    assert {"python", "numpy", "soundfile", "soxr", "librosa"} <= set(made.versions)


def test_progress_adds_up(settings: ExtractSettings) -> None:
    calls: list[tuple[int, float]] = []
    extract(settings, progress=lambda *call: calls.append(call))
    with Cache(settings.out) as cache:
        duration = sum(recording.duration for recording in cache.recordings)
    assert calls[0] == (0, 0) and len(calls) > 4
    assert sum(utterances for utterances, _ in calls) == 35
    np.testing.assert_allclose(sum(seconds for _, seconds in calls), duration, rtol=1e-6)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("out of memory")])
@pytest.mark.parametrize("batch", [0, 3])
def test_an_interrupted_run_goes_on_to_the_same_file(
    batch: int, error: BaseException, settings: ExtractSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = replace(settings, out=settings.out.with_name("whole.h5"))
    extract(whole)
    with monkeypatch.context() as patch, pytest.raises(type(error)):
        fail_at(batch, error, patch)
        extract(settings)
    assert not settings.out.exists()
    calls: list[tuple[int, float]] = []
    summary = extract(settings, progress=lambda *call: calls.append(call))
    assert summary.taken_over == calls[0][0]
    assert (calls[0][0] > 0) == (batch > 0)
    assert sum(utterances for utterances, _ in calls) == 35
    assert digest(settings.out) == digest(whole.out)
    assert sorted(path.name for path in settings.out.parent.iterdir()) == ["emodb.h5", "whole.h5"]


def test_a_full_disk_keeps_what_was_finished(
    settings: ExtractSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushes, flush = iter(range(100)), os.fsync

    def full(descriptor: int) -> None:
        if next(flushes) >= 9:
            raise OSError(errno.ENOSPC, "full")
        flush(descriptor)

    with monkeypatch.context() as patch, pytest.raises(InputError, match="there is no room"):
        patch.setattr(os, "fsync", full)
        extract(settings)
    assert not list(settings.out.parent.rglob("*.tmp"))
    assert 0 < extract(settings).taken_over < 35


def test_two_runs_do_not_write_one_file(settings: ExtractSettings) -> None:
    with (
        exclusive(settings.out),
        pytest.raises(InputError, match="emodb.h5 is being written by another process"),
    ):
        extract(settings)


def test_the_batches_play_no_part_in_the_numbers(settings: ExtractSettings) -> None:
    other = replace(settings, out=settings.out.with_name("other.h5"), batch_seconds=0.1)
    extract(settings)
    extract(other)
    assert digest(settings.out) == digest(other.out)


def test_a_finished_file_is_left_as_it_is(settings: ExtractSettings) -> None:
    assert not extract(settings).nothing_to_do
    before = settings.out.stat()
    assert extract(settings).nothing_to_do
    after = settings.out.stat()  # looking at it may change the time of the last access
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"max_seconds": 0.3}, "speech crop"),
        ({"store": "float32"}, "store"),
        ({"limit": 4}, "utterances"),
    ],
)
def test_a_file_with_other_settings_is_refused_with_the_difference(
    change: dict[str, object], named: str, settings: ExtractSettings
) -> None:
    extract(settings)
    with pytest.raises(InputError, match=f"other settings:\n  {named}"):
        extract(replace(settings, **change))


def test_long_recordings_are_cut_and_named(settings: ExtractSettings) -> None:
    summary = extract(replace(settings, max_seconds=0.3))
    with Cache(settings.out) as cache:
        longer = [r.utterance.id for r in cache.recordings if r.duration > 0.3]
        steps = cache.lengths("speech")
        assert cache.provenance.cut == summary.cut_speech == tuple(longer)
    assert 0 < len(longer) < 35
    assert steps.max() == 6  # 31 frames in windows of 8, 4 apart


def test_a_limit_is_counted_in_the_file(settings: ExtractSettings) -> None:
    extract(replace(settings, limit=5))
    with Cache(settings.out) as cache:
        assert cache.provenance.left_out == {"beyond the limit of 5": 30}


def test_failures_are_named_in_the_file(settings: ExtractSettings) -> None:
    (settings.root / "wav" / "03a01Wa.wav").write_bytes(b"")
    extract(replace(settings, max_failures=1))
    with Cache(settings.out) as cache:
        assert dict(cache.provenance.failures) == {"03a01Wa": "empty: the file has no bytes"}
        assert len(cache.utterances) == 34


def test_a_recording_that_changes_on_the_way_is_named(
    settings: ExtractSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def vanished(path: Path, *, max_seconds: float) -> np.ndarray:
        raise InputError("empty")

    monkeypatch.setattr(prepared_corpus, "load", vanished)
    with pytest.raises(InputError, match=r"wav/\w+\.wav has changed: empty"):
        extract(settings)


def test_pretrained_models_are_stored_by_layer(settings: ExtractSettings, models: Path) -> None:
    summary = extract(
        replace(
            settings,
            speech_encoder=str(models / "xls-r"),
            text_encoder=str(models / "roberta"),
            speech_layer=("middle", "3", "last"),
            device="cpu",
        )
    )
    with Cache(settings.out) as cache:
        made = cache.provenance
        assert made.speech.layers == ("1", "3", "last")
        assert (made.speech.encoder, made.text.encoder) == ("xls-r", "roberta")
        assert made.text.crop == f"{tiny_models.MAX_TOKENS} tokens"
        assert made.cut == summary.cut_text
        assert {"torch", "transformers"} <= set(made.versions)
        assert cache.read("speech", "3", 0).shape == (cache.lengths("speech")[0], tiny_models.DIM)
        assert cache.lengths("text").max() == tiny_models.MAX_TOKENS
