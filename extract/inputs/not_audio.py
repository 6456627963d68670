"""Files with the name of a recording that hold something else, and what to do about them."""

from pathlib import Path

from mdat_data import InputError

LOOKED_AT = 512
"""Number of bytes at the beginning of a file that are looked at."""

HTML = (b"<!doctype", b"<html", b"<head", b"<?xml")

HEADERLESS = (".raw", ".pcm", ".vox", ".sam")
"""Ends of the names of files that hold samples and nothing else."""


def refuse_not_audio(path: Path, begin: bytes) -> None:
    """Refuse what is known not to be a recording, or not to be readable.

    Args:
        path: The file, which has no known beginning.
        begin: Its first `LOOKED_AT` bytes.

    Raises:
        InputError: It is empty, a pointer of Git LFS or git-annex, a web page, another text, what
            macOS keeps beside a file, or samples without a header.
    """
    if not begin:
        raise InputError("empty: the file has no bytes")
    if begin.startswith(b"version https://git-lfs"):
        raise InputError("not audio, but a pointer of Git LFS. Fetch the recording: git lfs pull")
    if b"/annex/objects/" in begin:
        raise InputError(
            "not audio, but a pointer of git-annex. Fetch the recording: git annex get"
        )
    if begin.startswith(b"\0\x05\x16\x07"):
        raise InputError(f"not audio, but what macOS keeps beside a file. Delete it: {path.name}")
    text = _text(begin)
    if text.lstrip().lower().startswith(HTML):
        raise InputError(
            "not audio, but a web page, perhaps one that asks to log in. Download the recording "
            "again"
        )
    if text:
        shown = text.split(b"\n")[0][:40].decode(errors="replace").strip()
        raise InputError(
            f"not audio, but text that begins with {shown!r}. Download the recording again"
        )
    if path.suffix.lower() in HEADERLESS:
        raise InputError(
            f"expected a header with sampling rate and encoding, but a {path.suffix} file has only "
            "samples. Convert it, for example: ffmpeg -f s16le -ar 16000 -ac 1 -i "
            f"{path.name} {path.stem}.wav"
        )


def _text(begin: bytes) -> bytes:
    """The bytes without a mark of their encoding, if they are text; otherwise none."""
    begin = begin.removeprefix(b"\xef\xbb\xbf")
    control = bytes(range(9)) + bytes(range(14, 32))
    return b"" if begin.translate(None, control) != begin else begin
