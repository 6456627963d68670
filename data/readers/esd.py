"""ESD, whose two halves are two corpora: one language and ten speakers each."""

import codecs
import re
from collections.abc import Container
from dataclasses import replace
from functools import partial
from pathlib import Path

from mdat_data.corpus import Reading
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LABELS = {
    "Angry": "angry",
    "Happy": "happy",
    "Neutral": "neutral",
    "Sad": "sad",
    "Surprise": "surprise",
}
BIBTEX = """
@article{zhou2022esd,
  author  = {Zhou, Kun and Sisman, Berrak and Liu, Rui and Li, Haizhou},
  title   = {Emotional voice conversion: theory, databases and {ESD}},
  journal = {Speech Communication},
  volume  = {137},
  pages   = {1--18},
  year    = {2022},
  doi     = {10.1016/j.specom.2021.11.006}
}
"""
WOMEN = (1, 2, 3, 7, 9, 15, 16, 17, 18, 19)
OTHER_ENCODING = {"en": "cp1252", "zh": "gb18030"}
"""Language -> the encoding of its tables that are not in Unicode."""

NAME = rf"(?P<speaker>00\d\d)/(?P<label>{'|'.join(LABELS)})/(?:\w+/)?(?P=speaker)_\d{{6}}"
TEXT = re.compile(r"(?m)^(\d{4}_\d{6})\s+(\S.*?)\s*\t")
"""A line of a table of texts: id, text and emotion."""


def read_esd(root: Path, *, language: str, speakers: Container[int]) -> Reading:
    """Read the recordings of one language.

    Args:
        root: The folder of the speakers, or one above it.
        language: ISO 639-1 code.
        speakers: Numbers of the speakers of this language.

    Returns:
        The utterances, as `read` of a corpus module returns them.
    """
    texts: dict[Path, dict[str, str]] = {}
    complete = partial(_complete, speakers=speakers, texts=texts)
    return read_file_names(root, NAME, LABELS, language, complete)


def _complete(
    utterance: Utterance,
    name: re.Match[str],
    *,
    speakers: Container[int],
    texts: dict[Path, dict[str, str]],
) -> Utterance | str:
    speaker = utterance.speaker
    if int(speaker) not in speakers:
        return "other language"
    folder = next(above for above in utterance.audio.parents if above.name == speaker)
    if folder not in texts:
        content = _decoded(folder / f"{speaker}.txt", utterance.language)
        texts[folder] = dict(TEXT.findall(content))
    return replace(
        utterance,
        transcript=texts[folder].get(utterance.id, ""),
        sex="female" if int(speaker) in WOMEN else "male",
    )


def _decoded(table: Path, language: str) -> str:
    """A table of texts; empty where it is missing. The speakers' tables differ in encoding."""
    content = table.read_bytes() if table.is_file() else b""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode(OTHER_ENCODING[language], errors="replace")
