"""Corpora whose file names say who speaks, what and how."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from mdat_data.corpus import FOREIGN, Reading
from mdat_data.utterance import SEXES, Utterance, normalized

AUDIO = frozenset(
    (".aac", ".aif", ".aiff", ".avi", ".flac", ".m4a", ".mkv", ".mov", ".mp3", ".mp4", ".oga")
    + (".ogg", ".opus", ".wav", ".webm", ".wma")
)
"""Ends of the names of recordings and films. What else lies in a corpus is no recording."""

COPY = "another file of the same name"
"""The reason for leaving out a copy, such as the nested folders of many archives."""


def read_file_names(
    root: Path,
    pattern: str,
    labels: Mapping[str, str],
    language: str,
    complete: Callable[[Utterance, re.Match[str]], Utterance | str] = lambda utterance, _: (
        utterance
    ),
) -> Reading:
    """Read the recordings below a folder whose names match, in any format.

    Args:
        root: The folder. The recordings may lie in any folders below it.
        pattern: A regular expression for the whole file name without its end, such as `.wav`,
            composed (NFC); with folders, separated by `/`, where the name alone says too little.
            Its group `label` is a key of `labels`; `speaker`, `group`, `sex` (a letter or a word),
            `transcript` and `sentence` fill these fields. A `group` or a `speaker` that is missing
            is the other one.
        labels: Emotion words of the labels.
        language: ISO 639-1 code.
        complete: Adds what the groups do not give to an utterance, or says why it is left out.

    Returns:
        The utterances, as `read` of a corpus module returns them.
    """
    name = re.compile(f"(?:.*/)?{pattern}", re.DOTALL)
    left_out: Counter[str] = Counter()
    utterances: dict[str, Utterance] = {}
    for audio in _recordings(root):
        found = name.fullmatch(normalized(audio.relative_to(root).with_suffix("").as_posix()))
        read = complete(_utterance(audio, found, labels, language), found) if found else FOREIGN
        if isinstance(read, str):
            left_out[read] += 1
        elif utterances.setdefault(read.id, read) is not read:
            left_out[COPY] += 1
    yield from sorted(utterances.values(), key=lambda utterance: utterance.id)
    return left_out


def _recordings(root: Path) -> Iterator[Path]:
    named = (path for path in root.rglob("*") if path.suffix.lower() in AUDIO)
    yield from sorted(path for path in named if not path.is_dir())


def _utterance(
    audio: Path, name: re.Match[str], labels: Mapping[str, str], language: str
) -> Utterance:
    """What the groups of the pattern say."""
    facts = name.groupdict()
    speaker = facts.get("speaker") or facts["group"]
    return Utterance(
        id=audio.stem,
        audio=audio,
        transcript=facts.get("transcript", ""),
        emotion=labels[facts["label"]],
        speaker=speaker,
        group=facts.get("group", speaker),
        language=language,
        sex=SEXES.get((facts.get("sex") or "")[:1].lower(), ""),
        sentence=facts.get("sentence") or "",
    )
