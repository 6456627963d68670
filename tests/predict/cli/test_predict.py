"""The command mdat-predict."""

import csv
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result
from predictable import CLASSES, save_run

from mdat_predict.cli.predict import main


def predict(*arguments: object, **how: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], **how)


def objects(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_table_with_bars_is_printed(toy):
    result = predict(toy.run, toy.recordings[0], "--transcripts", toy.transcripts)
    assert result.exit_code == 0, result.output
    name, line = result.stdout.splitlines()
    assert name.startswith(str(toy.recordings[0]))
    assert "█" in line
    assert any(emotion in line for emotion in CLASSES)


def test_csv_has_a_row_for_each_segment(toy, tmp_path):
    out = tmp_path / "found.csv"
    result = predict(toy.run, toy.root, "--segments", "whole", "--out", out, "--reject", 1)
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert [row["recording"] for row in rows] == [str(path) for path in toy.recordings]
    assert {row["emotion"] for row in rows} == {"uncertain"}
    for row in rows:
        assert sum(float(row[name]) for name in CLASSES) == pytest.approx(1, abs=1e-4)
    assert not result.stdout


def test_json_lines_end_each_recording_with_its_summary(toy):
    windows = ("--segments", "fixed", "--window", 0.1, "--format", "jsonl")
    result = predict(toy.run, *toy.recordings[:2], *windows)
    lines = objects(result.stdout)
    segments = [line for line in lines if line["kind"] == "segment"]
    wholes = [line for line in lines if line["kind"] == "recording"]
    assert [line["recording"] for line in wholes] == [str(path) for path in toy.recordings[:2]]
    assert sum(line["segments"] for line in wholes) == len(segments) >= 4
    assert set(wholes[0]["probabilities"]) == set(CLASSES)


def test_json_lines_are_written_as_segments_finish(toy, tmp_path, monkeypatch):
    out, seen = tmp_path / "found.jsonl", []
    encode = "mdat_predict.saved.saved_model.SavedModel.features"
    from mdat_predict.saved.saved_model import SavedModel

    plain = SavedModel.features

    def looking(self, *given):
        seen.append(len(out.read_text().splitlines()) if out.exists() else 0)
        return plain(self, *given)

    monkeypatch.setattr(encode, looking)
    how = ("--segments", "whole", "--batch-seconds", 0.5, "--out", out)
    assert predict(toy.run, toy.root, *how).exit_code == 0
    assert sorted(seen) == seen
    assert len(set(seen)) > 4


def test_standard_input_is_a_recording(toy):
    path = toy.recordings[0]
    alone = predict(toy.run, path, "--segments", "whole", "--format", "jsonl")
    piped = predict(
        toy.run, "-", "--segments", "whole", "--format", "jsonl", input=path.read_bytes()
    )
    [segment, whole], [expected, _] = objects(piped.stdout), objects(alone.stdout)
    assert segment["recording"] == whole["recording"] == "-"
    assert segment["probabilities"] == expected["probabilities"]


def test_a_broken_recording_is_listed_at_the_end(toy, tmp_path):
    for path in toy.recordings[:2]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "a.wav").write_bytes(b"")
    result = predict(toy.run, tmp_path, "--segments", "whole")
    assert result.exit_code == 1
    assert result.stdout.count(" s)") == 2
    assert "1 of 3 recordings cannot be used:" in result.stderr
    assert "a.wav: empty: the file has no bytes" in result.stderr


def test_without_transcripts_the_user_is_told(toy):
    note = "1 of 1 recordings have no transcript"
    assert note in predict(toy.run, toy.recordings[0]).stderr
    told = predict(toy.run, toy.recordings[0], "--transcripts", toy.transcripts).stderr
    assert note not in told


def test_a_model_of_speech_needs_no_transcripts(toy, tmp_path):
    run = save_run(
        tmp_path / "run", toy.features, modality="speech", inputs=["speech", "speech_mask"]
    )
    assert not predict(run, toy.recordings[0]).stderr


def test_a_model_of_text_alone_needs_transcripts(toy, tmp_path):
    run = save_run(tmp_path / "run", toy.features, modality="text", inputs=["text", "text_mask"])
    refused = predict(run, toy.recordings[0])
    assert refused.exit_code == 2
    assert "the model reads words alone, but 1 of 1 recordings have no transcript" in refused.output
    assert predict(run, toy.recordings[0], "--transcripts", toy.transcripts).exit_code == 0


def test_a_run_without_a_temperature_says_so(toy, tmp_path):
    run = save_run(tmp_path / "run", toy.features, temperature=None)
    assert "its probabilities are not calibrated" in predict(run, toy.recordings[0]).stderr


def test_rescaling_is_called_transductive(toy):
    result = predict(toy.run, *toy.recordings[:2], "--rescale")
    assert "transductive: features are scaled by the statistics of these 2 recordings" in (
        result.stderr
    )


def test_a_features_file_is_scored_without_any_encoder(toy):
    result = predict(toy.run, toy.features, "--score", "--with", toy.run)
    assert result.exit_code == 0, result.output
    assert "run + run" in result.stdout
    assert "accuracy % of the surest 100 %" in result.stdout


def test_a_manifest_is_predicted_and_scored(toy, tmp_path):
    manifest = tmp_path / "own.csv"
    rows = [f"u{n},{path},s{n % 2},angry" for n, path in enumerate(toy.recordings[:3])]
    rows.append(f"bad,{tmp_path / 'bad.wav'},s1,sad")
    (tmp_path / "bad.wav").write_bytes(b"RIFF")
    manifest.write_text("\n".join(["id,audio,speaker,emotion", *rows]), encoding="utf-8")
    found = predict(toy.run, manifest, "--format", "jsonl")
    names = [line["recording"] for line in objects(found.stdout) if line["kind"] == "segment"]
    assert (names, found.exit_code) == (["u0", "u1", "u2"], 1)
    scored = predict(toy.run, manifest, "--score")
    assert "3 utterances of 2 speakers" in scored.stdout
    assert "1 of 4 recordings cannot be used" in scored.stderr
    assert scored.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["RUN", "missing.wav"], "missing.wav, which does not exist"),
        (["RUN", "FEATURES"], "With --score it is tested"),
        (["RUN", "FEATURES", "--score", "--out", "a.csv"], "--score prints metrics; got --out"),
        (["RUN", "WAV", "--out", "a.doc"], "expected --out to end in .txt"),
        (["RUN", "WAV", "--segments", "fixed", "--window", "0"], "--window to be at least"),
        (["RUN", "WAV", "--segments", "fixed", "--window", "99"], "--window to be at most 30"),
        (["RUN", "WAV", "--segments", "auto", "--transcripts", "WORDS"], "words of whole"),
        (["EMPTY", "WAV"], "must be the folder of a run that keeps a model"),
        (["RUN", "EMPTY"], "expected recordings in"),
        (["RUN"], "expected recordings to predict, got none"),
    ],
)
def test_wrong_input_is_refused_in_a_sentence(arguments, words, toy, tmp_path):
    (tmp_path / "empty").mkdir()
    places = {
        "RUN": toy.run,
        "WAV": toy.recordings[0],
        "FEATURES": toy.features,
        "WORDS": toy.transcripts,
        "EMPTY": tmp_path / "empty",
    }
    result = predict(*(places.get(a, a) for a in arguments))
    assert result.exit_code == 2
    assert words in " ".join(result.output.split())


def test_help_is_light():
    code = (
        "import sys\n"
        "from mdat_predict.cli.predict import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "print(sorted({'numpy', 'onnxruntime', 'soundfile', 'h5py'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"
