"""Uploaded files: on the disk for as long as they are worked on."""

import shutil
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from mdat_data.errors import InputError, listed
from mdat_data.printable import shortened

LONGEST_NAME = 100
MOST_FILES, MOST_FIELDS = 1000, 10


@dataclass(frozen=True)
class Upload:
    """A file that a visitor sent.

    Attributes:
        name: Its name, without folders and on one line.
        path: Where it lies, under a name of our own.
    """

    name: str
    path: Path


def plain_name(name: str) -> str:
    r"""Take the name of a file from a path of any system.

    Args:
        name: What the browser said.

    Returns:
        The name, which is never empty, on one line.

    Example:
        >>> plain_name("../../etc/passwd"), plain_name("C:\\a\\b.wav"), plain_name("/")
        ('passwd', 'b.wav', 'recording')
    """
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    plain = shortened(last, LONGEST_NAME)
    return "recording" if plain in ("", "..") else plain


@asynccontextmanager
async def uploads(request: Request) -> AsyncIterator[tuple[list[Upload], FormData]]:
    """Receive a form.

    Args:
        request: Of the type multipart/form-data. It is received in pieces, and never whole in
            memory.

    Yields:
        The files of its fields named `file`, in order, and the form. They last as long as the
        context.

    Raises:
        InputError: There is no such file, or the form has another one.
    """
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        raise InputError(
            "expected a form (multipart/form-data) with a recording in the field file, got "
            f"{kind or 'no content type'}. For example: curl --form file=@a.wav"
        )
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as form:
        given = form.getlist("file")
        files = [each for each in given if isinstance(each, UploadFile)]
        if not files or len(files) < len(given):
            raise InputError(
                "expected a recording in the field file, got "
                f"{'text' if given else listed(dict.fromkeys(form)) or 'an empty form'}. "
                "For example: curl --form file=@a.wav"
            )
        with TemporaryDirectory(prefix="mdat-serve-") as folder:
            yield await run_in_threadpool(_kept, files, Path(folder)), form


def _kept(files: list[UploadFile], folder: Path) -> list[Upload]:
    """Give the files paths, which the libraries that read recordings need."""
    found = []
    for number, file in enumerate(files):
        name = plain_name(file.filename or "")
        path = folder / f"{number}{_suffix(name)}"
        with path.open("xb") as out:
            shutil.copyfileobj(file.file, out)
        file.file.close()
        found.append(Upload(name, path))
    return found


def _suffix(name: str) -> str:
    """The suffix, where it is like that of a recording; it tells of files without a header."""
    suffix = PurePosixPath(name).suffix
    return suffix if suffix[1:].isascii() and suffix[1:].isalnum() else ""
