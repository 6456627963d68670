"""What the page and its HTTP interface answer."""

import re
import tempfile
import threading
from pathlib import Path

import pytest
import soundfile
from predictable import CLASSES, TEMPERATURE
from recordings import RATE, SPEECHLIKE, recording

from mdat_predict import Model, load


def post(client, *contents: bytes, name: str = "a.wav", path: str = "/api/predict", **fields):
    files = [("file", (name, content)) for content in contents]
    return client.post(path, files=files, data=fields)


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch) -> Path:
    """Where uploads lie; empty after every answer."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert not list(folder.iterdir())


def test_a_recording_is_predicted_as_by_the_model(client, toy):
    path = toy.recordings[0]
    found = post(client, path.read_bytes(), name=path.name).json()
    [expected] = load(toy.run).predict([path], segments="fixed", window=0.2)
    assert found["recording"] == path.name
    assert found["duration"] == pytest.approx(expected.duration, abs=1e-5)
    assert found["classes"] == list(CLASSES)
    assert len(found["segments"]) == len(expected.segments) > 1
    for got, segment in zip(found["segments"], expected.segments, strict=True):
        assert (got["start"], got["end"]) == pytest.approx((segment.start, segment.end), abs=1e-5)
        assert got["emotion"] == segment.emotion(CLASSES)
        assert list(got["probabilities"]) == list(CLASSES)
        assert list(got["probabilities"].values()) == pytest.approx(segment.probabilities, abs=1e-6)
    summary = expected.summary()
    assert found["summary"]["emotion"] == summary.emotion(CLASSES)
    assert max(found["waveform"]) > 0


def test_an_improbable_answer_is_uncertain(limited, toy):
    found = post(limited(reject=1), toy.recordings[0].read_bytes()).json()
    assert {segment["emotion"] for segment in found["segments"]} == {"uncertain"}


def test_the_model_is_described(client):
    found = client.get("/api/model").json()
    assert found["classes"] == list(CLASSES)
    [run] = found["runs"]
    assert run["encoders"]["speech"]["encoder"] == "logmel"
    assert run["learned_from"]["languages"] == ["de"]
    assert run["temperature"] == TEMPERATURE
    assert (found["max_seconds"], found["max_megabytes"]) == (3600, 500)


def test_a_segment_is_explained(client, toy):
    content = toy.recordings[0].read_bytes()
    segment = post(client, content).json()["segments"][0]
    times = {name: segment[name] for name in ("start", "end")}
    found = post(client, content, path="/api/explain", **times).json()
    assert found["emotion"] == segment["emotion"]
    assert found["probability"] == pytest.approx(max(segment["probabilities"].values()), abs=1e-4)
    assert len(found["speech"]) == pytest.approx(0.2 * found["steps_per_second"], abs=1)


@pytest.mark.parametrize(
    ("start", "end"),
    [("0", "99999"), ("5000", "5001"), ("-1", "1"), ("nan", "1"), ("0", "inf"), ("1", "0")]
    + [("x", "1"), ("", "")],
)
def test_a_segment_that_is_not_there_is_refused(client, toy, start, end):
    times = {"start": start, "end": end}
    answer = post(client, toy.recordings[0].read_bytes(), path="/api/explain", **times)
    if (start, end) == ("0", "99999"):  # ends with the recording
        assert answer.status_code == 200
    else:
        assert answer.status_code == 400
        assert answer.json()["error"].startswith("expected ")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"no sound at all\n", "text"),
        (b"RIFF\x10\0\0\0WAVEjunk", "truncated"),
        (recording("wav")[:9000], "truncated"),
        (recording("wav", 0 * SPEECHLIKE[:200]), "too short"),
        (b"\xff" * 4000, "cannot be used"),
    ],
)
def test_a_bad_file_gets_a_sentence(client, content, reason):
    answer = post(client, content, name="bad.wav")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error.startswith("expected a recording, but bad.wav cannot be used: ")
    assert error.endswith(".")
    assert reason in error
    assert "/" not in error.replace("and/or", "")


def test_forms_without_a_recording_are_refused(client):
    for answer in (
        client.post("/api/predict"),
        client.post("/api/predict", content=b"RIFF", headers={"content-type": "audio/wav"}),
        client.post("/api/predict", data={"file": "text"}),
        client.post("/api/predict", data={"file": "text"}, files={"other": b"x"}),
        client.post("/api/predict", files=[("file", b"x"), ("file", b"y")]),
        client.post(
            "/api/predict",
            content=b"--a\r\ncut",
            headers={"content-type": "multipart/form-data; boundary=a"},
        ),
        client.post("/api/predict", content=b"x", headers={"content-type": "multipart/form-data"}),
    ):
        assert answer.status_code == 400
        assert answer.json()["error"]


def test_a_recording_that_is_too_long_is_refused(limited):
    with limited(max_seconds=1) as client:
        assert post(client, recording("wav", SPEECHLIKE[:RATE])).status_code == 200
        answer = post(client, recording("wav", SPEECHLIKE))
    assert answer.status_code == 413
    assert "1 second" in answer.json()["error"]
    assert "--max-seconds" in answer.json()["error"]


def test_a_long_recording_in_a_small_file_is_not_read_to_its_end(limited, monkeypatch):
    read = []
    plain = soundfile.SoundFile.read
    monkeypatch.setattr(
        soundfile.SoundFile, "read", lambda *of, **how: read.append(1) or plain(*of, **how)
    )
    silence = recording("caf-alac", 0 * SPEECHLIKE[:1].repeat(600 * RATE))
    with limited(max_seconds=1) as client:
        assert post(client, silence).status_code == 413
    assert len(read) == 1


@pytest.mark.parametrize("said", [True, False], ids=["with a length", "in chunks"])
def test_an_upload_that_is_too_large_is_refused(limited, said):
    with limited(max_megabytes=0.1) as client:
        content = b"--a\r\n" + bytes(200_000)
        answer = client.post(
            "/api/predict",
            content=content if said else iter([content]),
            headers={"content-type": "multipart/form-data; boundary=a"},
        )
    assert answer.status_code == 413
    assert "0.1 megabytes" in answer.json()["error"]
    assert "--max-megabytes" in answer.json()["error"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("/", "recording"),
        ("..", "recording"),
        ("C:\\Users\\a\\b.wav", "b.wav"),
        ("<img src=x onerror=alert(1)>.wav", "<img src=x onerror=alert(1)>.wav"),
        ("a\nb\x1b[31m.wav", "a\\nb\\x1b[31m.wav"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("x" * 1000 + ".wav", "x" * 99 + "…"),
        ("ü.wav", "ü.wav"),
        ("a.b/../c.%2e%2e", "c.%2e%2e"),
    ],
)
def test_names_of_files_are_words_alone(client, name, shown):
    body = (
        b'--a\r\nContent-Disposition: form-data; name="file"; filename="'
        + name.replace("\\", "\\\\").encode()
        + b'"\r\n\r\n'
        + recording("wav")
        + b"\r\n--a--\r\n"
    )
    form = {"content-type": "multipart/form-data; boundary=a"}
    answer = client.post("/api/predict", content=body, headers=form)
    if "\n" in name:  # a header that is none
        assert answer.status_code in (200, 400)
        return
    assert answer.status_code == 200, answer.text
    assert answer.json()["recording"] == shown


def test_one_recording_is_predicted_at_a_time_and_the_page_answers(client, monkeypatch):
    inside, most, entered, go = [], [], threading.Event(), threading.Event()
    plain = Model.outcomes

    def slowly(self, *given):
        inside.append(1)
        most.append(len(inside))
        entered.set()
        assert go.wait(30)
        yield from plain(self, *given)
        inside.pop()

    monkeypatch.setattr(Model, "outcomes", slowly)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(post(client, recording("wav"))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    assert entered.wait(30)
    assert client.get("/").status_code == client.get("/api/model").status_code == 200
    assert not answers
    go.set()
    for thread in threads:
        thread.join(30)
    assert [answer.status_code for answer in answers] == [200] * 4
    assert most == [1] * 4


def test_the_page_loads_only_what_is_here(client):
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    names = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert sorted(names) == ["data:,", "page.css", "page.js"]
    assert not re.search(r"https?:|<script>|<style|\son\w+=|\sstyle=", page.text)
    for name in ("page.css", "page.js", "recording.js", "drawing.js", "microphone.js", "tap.js"):
        answer = client.get(f"/{name}")
        assert answer.status_code == 200
        assert not re.search(r"https?://", answer.text)
        assert set(re.findall(r'from "./(.+)"', answer.text)) <= {"microphone.js"} | {
            "recording.js",
            "drawing.js",
        }


@pytest.mark.parametrize("path", ["/app.py", "/..%2fmodel.py", "/%2e%2e/model.py", "/page.html"])
def test_nothing_else_is_served(client, path):
    assert client.get(path).status_code == 404


def test_every_address_is_documented_on_the_page(client):
    page = client.get("/").text.replace("FORMAT", "{format}")
    addresses = [route.path for route in client.app.routes if route.path.startswith("/api/")]
    assert len(addresses) == 5
    assert all(f" {address}</code>" in page for address in addresses)
