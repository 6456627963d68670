import errno
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import tiny_models
import toy_corpora
from caches import store_crop_in_words
from recorded_progress import RecordedProgress

import mdat_extract
from mdat_data import InputError
from mdat_data.cache import exclusive, open_features
from mdat_data.process.output import MARK
from mdat_extract.config import ExtractConfig
from mdat_extract.encode import extract
from mdat_extract.encoders import speech_encoder, text_encoder
from mdat_extract.encoders.logmel import LogMel
from mdat_extract.inputs import prepared_corpus
from mdat_extract.report import after, before


@pytest.fixture
def config(tmp_path: Path) -> ExtractConfig:
    """A toy EMO-DB in several batches, with the encoders that need no download."""
    toy_corpora.write_emodb(tmp_path / "emodb")
    return ExtractConfig(
        corpus="emodb",
        root=tmp_path / "emodb",
        out=tmp_path / "out" / "emodb.h5",
        speech_encoder="logmel",
        text_encoder="char-ngram",
        batch_seconds=2.0,
    )


def digest(path: Path) -> str:
    with open_features(path) as file:
        return file.digest


def fail_at(batch: int, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise an error while a batch is encoded."""
    calls = iter(range(100))
    encode = LogMel.encode

    def failing(self: LogMel, waveforms: list[np.ndarray]) -> list[dict[str, np.ndarray]]:
        if next(calls) == batch:
            raise error
        return encode(self, waveforms)

    monkeypatch.setattr(LogMel, "encode", failing)


def test_the_file_holds_what_the_encoders_give(config: ExtractConfig) -> None:
    extract(replace(config, store="float32"))
    how = {"layers": ["last"], "device": "cpu", "precision": "float32"}
    with open_features(config.out) as file:
        row = 5
        utterance = file.utterances[row]
        waveform, _ = soundfile.read(config.root / utterance.audio, dtype="float32")
        [speech] = speech_encoder("logmel", **how).encode([waveform])
        [text] = text_encoder("char-ngram", **how).encode([utterance.transcript])
        np.testing.assert_array_equal(file.read("speech", "last", row), speech["last"])
        np.testing.assert_array_equal(file.read("text", "last", row), text["last"])
        assert file.tokens(row) == tuple(utterance.transcript.casefold().split())


@pytest.mark.parametrize(("absent", "other"), [("speech", "text"), ("text", "speech")])
def test_a_stream_without_an_encoder_is_not_in_the_file(
    absent: str, other: str, config: ExtractConfig
) -> None:
    out = Path(config.out).with_name("alone.h5")
    both, alone = config, replace(config, out=out, **{f"{absent}_encoder": "none"})
    [extract(made) for made in (both, alone)]
    with open_features(both.out) as expected, open_features(alone.out) as file:
        assert file.provenance.modalities == (other,)
        assert file.ids == expected.ids
        for row in range(len(file)):
            np.testing.assert_array_equal(
                file.read(other, "last", row), expected.read(other, "last", row)
            )
    text = after(alone, extract(alone))
    assert f"  {absent}: not encoded" in text.splitlines()
    assert "text encoder sees" not in text or absent == "speech"


def test_a_text_only_extraction_decodes_no_audio_for_an_encoder(
    config: ExtractConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("mdat_extract.encode.load_recording")
    assert extract(replace(config, speech_encoder="none")).size > 0


def test_recordings_without_emotions_are_encoded_and_counted(config: ExtractConfig) -> None:
    manifest = config.root / "mine.csv"
    audio = sorted((config.root / "wav").iterdir())[:4]
    lines = [f"{path.stem},wav/{path.name},{path.stem[:2]}" for path in audio]
    manifest.write_text("\n".join(["id,audio,speaker", *lines]))
    made = replace(config, corpus=manifest, root=None)
    assert "emotions: unlabelled 4" in before(made, prepared_corpus.prepare(made))
    extract(made)
    with open_features(config.out) as file:
        assert [utterance.emotion for utterance in file.utterances] == [None] * 4


def test_the_prefix_of_the_texts_is_recorded_and_another_one_is_another_file(
    config: ExtractConfig, models: Path
) -> None:
    made = replace(
        config, text_encoder=str(models / "roberta"), text_prefix="das: ", speech_encoder="none"
    )
    extract(made)
    with open_features(config.out) as file:
        assert file.provenance.text.prefix == file.provenance.options["text_prefix"] == "das: "
        assert file.tokens(0)[:5] == ("<s>", "d", "a", "s", ":")
    with pytest.raises(InputError, match='text prefix: "das: " there, missing here'):
        extract(replace(made, text_prefix=""))


@pytest.mark.parametrize(("name", "causal"), [("roberta", False), ("llama", True)])
def test_of_a_decoder_it_is_said_that_a_token_sees_only_the_past(
    name: str, causal: bool, config: ExtractConfig, models: Path
) -> None:
    made = replace(config, text_encoder=str(models / name), speech_encoder="none", limit=2)
    summary = extract(made)
    assert summary.causal_text == causal
    assert ("a token sees only the tokens before it" in after(made, summary)) == causal


def test_the_file_has_its_provenance(config: ExtractConfig) -> None:
    extract(config)
    with open_features(config.out) as file:
        made = file.provenance
    assert (made.corpus, made.language, made.store) == ("emodb", "de", "float16")
    assert (made.speech.encoder, made.speech.revision) == ("logmel", LogMel.revision)
    assert (made.speech.sampling_rate, made.speech.frames_per_second) == (16_000, 25)
    assert (made.speech.crop, made.text.crop) == (30.0, None)
    assert {"python", "numpy", "soundfile", "soxr", "librosa"} <= set(made.versions)


def test_progress_adds_up(config: ExtractConfig) -> None:
    progress = RecordedProgress()
    extract(config, progress=progress)
    calls = progress.calls["encode"]
    with open_features(config.out) as file:
        duration = sum(recording.duration for recording in file.recordings)
    assert calls[0] == (0, 0) and len(calls) > 4
    assert sum(utterances for utterances, _ in calls) == 35
    np.testing.assert_allclose(sum(seconds for _, seconds in calls), duration, rtol=1e-6)
    assert progress.totals == {"encode": (35, pytest.approx(duration))}
    assert [len(corpus.recordings) for corpus in progress.corpora] == [35]


@pytest.mark.parametrize("error", [KeyboardInterrupt("Ctrl-C"), RuntimeError("out of memory")])
@pytest.mark.parametrize("batch", [0, 3])
def test_an_interrupted_run_continues_to_the_same_file(
    batch: int, error: BaseException, config: ExtractConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = replace(config, out=config.out.with_name("whole.h5"))
    extract(whole)
    with monkeypatch.context() as patch, pytest.raises(type(error), match=str(error)):
        fail_at(batch, error, patch)
        extract(config)
    assert not config.out.exists()
    progress = RecordedProgress()
    summary = extract(config, progress=progress)
    calls = progress.calls["encode"]
    assert summary.taken_over == calls[0][0]
    assert (calls[0][0] > 0) == (batch > 0)
    assert sum(utterances for utterances, _ in calls) == 35
    assert digest(config.out) == digest(whole.out)
    assert sorted(path.name for path in config.out.parent.iterdir()) == ["emodb.h5", "whole.h5"]


def test_a_full_disk_keeps_what_was_finished(
    config: ExtractConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushes, flush = iter(range(100)), os.fsync

    def full(descriptor: int) -> None:
        if next(flushes) >= 9:
            raise OSError(errno.ENOSPC, "full")
        flush(descriptor)

    with monkeypatch.context() as patch, pytest.raises(InputError, match="there is no room"):
        patch.setattr(os, "fsync", full)
        extract(config)
    assert not list(config.out.parent.rglob(f"*{MARK}"))
    assert 0 < extract(config).taken_over < 35


def test_two_runs_do_not_write_one_file(config: ExtractConfig) -> None:
    with (
        exclusive(config.out),
        pytest.raises(InputError, match="emodb.h5 is being written by another process"),
    ):
        extract(config)


def test_the_batches_have_no_effect_on_the_features(config: ExtractConfig) -> None:
    other = replace(config, out=config.out.with_name("other.h5"), batch_seconds=0.1)
    extract(config)
    extract(other)
    assert digest(config.out) == digest(other.out)


def test_a_finished_file_is_left_as_it_is(config: ExtractConfig) -> None:
    assert not extract(config).nothing_to_do
    before = config.out.stat()
    assert extract(config).nothing_to_do
    after = config.out.stat()  # reading it may change the time of the last access
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_finished_file_of_the_first_releases_is_recognised(config: ExtractConfig) -> None:
    extract(config)
    store_crop_in_words(Path(config.out))
    before = config.out.read_bytes()
    assert extract(config).nothing_to_do
    assert config.out.read_bytes() == before
    with pytest.raises(InputError, match=r'speech crop: "30 s" there, "0.3 s" here'):
        extract(config, max_seconds=0.3)


@pytest.mark.parametrize("reached", [5, 0.3])
def test_a_path_may_be_a_string_and_options_replace_fields(
    reached: float, config: ExtractConfig, tmp_path: Path
) -> None:
    summary = extract(config, out=str(tmp_path / "b.h5"), max_seconds=reached)
    assert summary.out == tmp_path / "b.h5"
    assert (summary.cut_speech == ()) == (reached == 5)


def test_the_keyword_form_is_the_configuration(config: ExtractConfig, tmp_path: Path) -> None:
    root, out = str(tmp_path / "emodb"), str(tmp_path / "emodb.h5")
    summary = mdat_extract.extract(
        "emodb", root=root, out=out, speech_encoder="logmel", text_encoder="char-ngram"
    )
    extract(config)
    assert len(summary.corpus.recordings) == 35
    assert digest(tmp_path / "emodb.h5") == digest(config.out)


def test_a_missing_out_and_unknown_options_are_errors_of_the_program() -> None:
    with pytest.raises(TypeError, match="out"):
        mdat_extract.extract("emodb")
    with pytest.raises(TypeError, match="speach_encoder"):
        mdat_extract.extract("emodb", out="emodb.h5", speach_encoder="logmel")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"max_seconds": 0.3}, "speech crop"),
        ({"store": "float32"}, "store"),
        ({"limit": 4}, "sexes: .*\n  utterances"),
    ],
)
def test_a_file_with_other_settings_is_refused_with_the_difference(
    change: dict[str, object], named: str, config: ExtractConfig
) -> None:
    extract(config)
    with pytest.raises(InputError, match=f"other settings:\n  {named}"):
        extract(replace(config, **change))


def test_long_recordings_are_cut_and_listed(config: ExtractConfig) -> None:
    summary = extract(replace(config, max_seconds=0.3))
    with open_features(config.out) as file:
        longer = [r.utterance.id for r in file.recordings if r.duration > 0.3]
        steps = file.lengths("speech")
        assert file.provenance.cut == summary.cut_speech == tuple(longer)
    assert 0 < len(longer) < 35
    assert steps.max() == 6  # 31 frames in windows of 8, 4 apart


def test_a_limit_is_counted_in_the_file(config: ExtractConfig) -> None:
    extract(replace(config, limit=5))
    with open_features(config.out) as file:
        assert file.provenance.left_out == {"beyond the limit of 5": 30}


def test_failures_are_listed_in_the_file(config: ExtractConfig) -> None:
    (config.root / "wav" / "03a01Wa.wav").write_bytes(b"")
    extract(replace(config, max_failures=1))
    with open_features(config.out) as file:
        assert dict(file.provenance.failures) == {"03a01Wa": "empty: the file has no bytes"}
        assert len(file.utterances) == 34


def test_a_recording_that_changes_during_the_run_is_named(
    config: ExtractConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def vanished(path: Path, *, max_seconds: float) -> np.ndarray:
        raise InputError("empty")

    monkeypatch.setattr(prepared_corpus, "load", vanished)
    with pytest.raises(InputError, match=r"wav/\w+\.wav has changed: empty"):
        extract(config)


def test_pretrained_models_are_stored_by_layer(config: ExtractConfig, models: Path) -> None:
    summary = extract(
        replace(
            config,
            speech_encoder=str(models / "xls-r"),
            text_encoder=str(models / "roberta"),
            speech_layer=("middle", "3", "last"),
            device="cpu",
        )
    )
    with open_features(config.out) as file:
        made = file.provenance
        assert made.speech.layers == ("1", "3", "last")
        assert (made.speech.encoder, made.text.encoder) == ("xls-r", "roberta")
        assert made.text.crop == tiny_models.MAX_TOKENS
        assert made.cut == summary.cut_text
        assert {"torch", "transformers"} <= set(made.versions)
        assert file.read("speech", "3", 0).shape == (file.lengths("speech")[0], tiny_models.DIM)
        assert file.lengths("text").max() == tiny_models.MAX_TOKENS
