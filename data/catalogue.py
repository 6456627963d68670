"""The corpora as their modules document them, and how much of each is on this machine."""

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from mdat_data.corpora import default_root, names, read_corpus
from mdat_data.corpus import Size
from mdat_data.errors import InputError

HEADINGS = ("Origin", "Obtain", "Licence", "Layout", "Oddities", "Citation")
"""The headings of a corpus module's documentation, in their order."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a corpus module says about its corpus.

    Attributes:
        name: Name of the corpus.
        language: ISO 639-1 code.
        size: The size of the complete corpus.
        emotions: Its emotions, in our words, sorted.
        documentation: The whole text.
        sections: Heading -> its text, on one line.
    """

    name: str
    language: str
    size: Size
    emotions: tuple[str, ...]
    documentation: str
    sections: Mapping[str, str]

    @property
    def licence(self) -> str:
        """The licence in a few words."""
        return re.split(r"[;:,]|\.$", self.sections["Licence"])[0]

    @property
    def source(self) -> str:
        """Where to get it: the first address that is given, or what to do instead."""
        obtain = self.sections["Obtain"]
        found = re.search(r"https?://[^\s;,]+[^\s;,.)]", obtain)
        return found[0] if found else obtain.partition(";")[0]

    def here(self) -> str:
        """How much of it is in its default folder, in words."""
        if not default_root(self.name).is_dir():
            return "no"
        try:
            found = len(read_corpus(self.name).utterances)
        except InputError:
            return f"none of {self.size.recordings}"
        return f"{found} of {self.size.recordings}"


def entry(name: str) -> Entry:
    """Look a corpus up.

    Args:
        name: One of `mdat_data.corpora.names()`.

    Returns:
        What its module says.

    Raises:
        InputError: There is no such corpus.

    Example:
        ```python
        >>> entry("ravdess").licence
        'Creative Commons BY-NC-SA 4.0'

        ```
    """
    if name not in names():
        raise InputError(
            f"expected the name of a corpus, got {name!r}. Choose one of {', '.join(names())}."
        )
    module = import_module(f"mdat_data.corpora.{name.replace('-', '_')}")
    text = inspect.getdoc(module) or ""
    parts = re.split(rf"^({'|'.join(HEADINGS)}): ", text, flags=re.MULTILINE)[1:]
    return Entry(
        name=name,
        language=module.LANGUAGE,
        size=module.SIZE,
        emotions=tuple(sorted({emotion for emotion in module.LABELS.values() if emotion})),
        documentation=text,
        sections={
            heading: " ".join(of_one.split())
            for heading, of_one in zip(parts[::2], parts[1::2], strict=True)
        },
    )
