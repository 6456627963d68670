"""What a visitor saves: files of predictions, and a corpus of labelled segments."""

import csv
import io
import json
import zipfile

import pytest
import soundfile
from praatio import textgrid
from predictable import CLASSES, by_keras

from mdat_extract import extract


def predicted(client, path, **kept):
    files = {"file": (path.name, path.read_bytes())}
    return client.post("/api/predict", files=files).json() | kept


def sent(*recordings) -> str:
    return json.dumps({"recordings": recordings})


def labelled(client, paths, recordings):
    files = [("file", (path.name, path.read_bytes())) for path in paths]
    return client.post("/api/labelled", files=files, data={"recordings": sent(*recordings)})


def test_labels_replace_predictions_in_csv(client, toy):
    one, two = (predicted(client, path) for path in toy.recordings[:2])
    one["segments"][1]["label"] = "sad"
    answer = client.post("/api/files/csv", content=sent(one, two))
    assert 'filename="emotions.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert len(rows) == len(one["segments"]) + len(two["segments"])
    assert rows[0]["emotion"] == one["segments"][0]["emotion"]
    assert [float(rows[1][name]) for name in CLASSES] == [0, 0, 1]


def test_a_textgrid_is_a_file_and_several_are_an_archive(client, toy, tmp_path):
    one, two = (predicted(client, path) for path in toy.recordings[:2])
    answer = client.post("/api/files/textgrid", content=sent(one))
    out = tmp_path / "one.TextGrid"
    out.write_bytes(answer.content)
    labels = [entry.label for entry in textgrid.openTextgrid(out, False).getTier("emotion").entries]
    assert labels == [segment["emotion"] for segment in one["segments"]]
    several = client.post("/api/files/textgrid", content=sent(one, two))
    names = zipfile.ZipFile(io.BytesIO(several.content)).namelist()
    assert sorted(names) == sorted(f"{path.stem}.TextGrid" for path in toy.recordings[:2])


@pytest.mark.parametrize("format", ["table", "jsonl", "rttm", "elan", "audformat"])
def test_all_formats_are_written(client, toy, format):
    answer = client.post(f"/api/files/{format}", content=sent(predicted(client, toy.recordings[0])))
    assert answer.status_code == 200
    assert answer.content


def test_what_is_labelled_is_a_corpus_with_the_features_of_the_prediction(client, toy, tmp_path):
    paths = toy.recordings[:2]
    one = predicted(client, paths[0], speaker="=cmd|' /C calc'!A0")
    two = predicted(client, paths[1], speaker="")
    chosen = {}
    for recording, place, label in ((one, 0, "sad"), (one, 1, "angry"), (two, 1, "happy")):
        recording["segments"][place]["label"] = label
        id = f"{recording['recording'][:-4]}-{1 if recording is one else 2}"
        number = 1 + sum(key.startswith(id) for key in chosen)
        chosen[f"{id}-{number:03}"] = recording["segments"][place]
    answer = labelled(client, paths, [one, two])
    assert answer.status_code == 200, answer.text
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "manifest.csv").read_text("utf-8"))))
    assert {row["id"]: row["emotion"] for row in rows} == {
        id: segment["label"] for id, segment in chosen.items()
    }
    assert [row["speaker"] for row in rows] == ["cmd_C_calc_A0"] * 2 + [f"{paths[1].stem}-2"]
    features = tmp_path / "labelled.h5"
    encoders = {"speech_encoder": "logmel", "text_encoder": "char-ngram"}
    extract(tmp_path / "manifest.csv", out=features, **encoders)
    instructions = (tmp_path / "README.txt").read_text(encoding="utf-8")
    assert "--speech-encoder logmel --text-encoder char-ngram --out labelled.h5" in instructions
    found = by_keras(toy.run, features)
    for id, segment in chosen.items():
        expected = list(segment["probabilities"].values())
        assert found[id] == pytest.approx(expected, abs=1e-4)


def test_segments_are_cut_where_they_were_heard(client, toy, tmp_path):
    path = toy.recordings[0]
    one = predicted(client, path)
    one["segments"][1]["label"] = "sad"
    archive = zipfile.ZipFile(io.BytesIO(labelled(client, [path], [one]).content))
    [name] = [name for name in archive.namelist() if name.endswith(".wav")]
    samples, rate = soundfile.read(io.BytesIO(archive.read(name)))
    whole, _ = soundfile.read(path)
    assert rate == 16_000
    assert (samples == whole[3200:6400]).all()


def changed(recording, **segment):
    first, *rest = recording["segments"]
    return recording | {"segments": [first | segment, *rest]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": "delighted"},
        {"label": ["sad"]},
        {"start": -1},
        {"start": 9},
        {"start": "NaN"},
        {"end": None},
        {"probabilities": {}},
        {"probabilities": dict.fromkeys(CLASSES, 7)},
        {"probabilities": dict.fromkeys(CLASSES, float("nan"))},
    ],
    ids=str,
)
def test_what_is_no_prediction_gets_a_sentence(client, toy, wrong):
    good = predicted(client, toy.recordings[0])
    answer = client.post("/api/files/csv", content=sent(changed(good, **wrong)))
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("expected ")


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "{}", '{"recordings": 1}', '{"recordings": []}', "[" * 99999, "\xff"]
)
def test_what_is_no_json_gets_a_sentence(client, text):
    answer = client.post("/api/files/csv", content=text.encode("latin-1"))
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("expected ")


def test_an_unknown_format_names_the_known_ones(client, toy):
    answer = client.post("/api/files/docx", content=sent(predicted(client, toy.recordings[0])))
    assert answer.status_code == 400
    assert "textgrid" in answer.json()["error"]


def test_nothing_labelled_and_labels_of_another_recording_are_refused(client, toy):
    path = toy.recordings[0]
    good = predicted(client, path)
    beyond = changed(good, label="sad", start=500.0, end=501.0)
    for answer in (
        labelled(client, [path], [good]),
        labelled(client, [path, path], [changed(good, label="sad")]),
        labelled(client, [path], [beyond]),
        client.post("/api/labelled", files={"file": ("a.wav", path.read_bytes())}),
    ):
        assert answer.status_code == 400
        assert answer.json()["error"].startswith("expected ")
