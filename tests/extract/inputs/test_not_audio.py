"""Files that only have the name of a recording are refused in words of their own."""

import os
import random
import sys
from pathlib import Path

import pytest
from recordings import recording

from mdat_data import InputError
from mdat_extract.inputs.audio import load

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
PAGE = b"\n<!DOCTYPE html><html><head><title>Sign in</title></head></html>"
SAMPLES = random.Random(1).randbytes(32_000)

CASES = {
    "empty": ("a.wav", b"", "empty: the file has no bytes"),
    "Git LFS": ("a.wav", POINTER, "not audio, but a pointer of Git LFS.*: git lfs pull"),
    "git-annex": (
        "a.wav",
        b"/annex/objects/SHA256E-s1--2.wav\n",
        "pointer of git-annex.*git annex",
    ),
    "page": ("a.mp3", PAGE, "not audio, but a web page.*Download the recording again"),
    "page with a mark": ("a.flac", b"\xef\xbb\xbf" + PAGE, "not audio, but a web page"),
    "text": ("a.wav", '{"error": "größer"}\n'.encode(), "text that begins with .*error.*größer"),
    "macOS": ("._a.wav", b"\0\x05\x16\x07\0\x02\0\0", "not audio, but what macOS keeps.*: ._a.wav"),
    "raw": (
        "a.raw",
        SAMPLES,
        "header with sampling rate and encoding, but a .raw file has only sam",
    ),
    "pcm": (
        "a.PCM",
        SAMPLES,
        "but a .PCM file has only samples. Convert it.*ffmpeg.*-i a.PCM a.wav",
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("media", ["with av", "without av"])
def test_what_is_no_audio_says_what_it_is(
    case: str, media: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if media == "without av":
        monkeypatch.setitem(sys.modules, "av", None)
    name, content, message = CASES[case]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        load(path)


@pytest.mark.parametrize("name", ["a.raw", "a.pcm", "a.txt", "a"])
def test_a_recording_with_another_name_is_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(recording("wav"))
    assert len(load(path)) == 16_001


@pytest.mark.parametrize("content", [SAMPLES, b"\x1aE\xdf\xa3" + SAMPLES, b"FORM\0\0\0\x048SVX"])
def test_other_files_are_refused_without_av(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r'pip install "mdat-keras\[media\]"'):
        load(path)


@pytest.mark.parametrize("content", [SAMPLES, b"\x1aE\xdf\xa3" + SAMPLES, b"FORM\0\0\0\x048SVX"])
def test_other_files_are_refused_with_av(content: bytes, tmp_path: Path) -> None:
    pytest.importorskip("av")
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(InputError, match="not audio, or damaged|truncated"):
        load(path)


def test_a_folder_a_pipe_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    for path in (tmp_path, tmp_path / "pipe.wav", tmp_path / "a.wav"):
        with pytest.raises(InputError, match="cannot be opened"):
            load(path)


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened: File name too long"):
        load(tmp_path / ("x" * 300))
