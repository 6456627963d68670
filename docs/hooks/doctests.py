"""Examples of docstrings that are written as Keras writes them, without indentation, as code."""

import re
import textwrap
from typing import Any

from griffe import Extension, Object

EXAMPLE = re.compile(r"^Examples?:\n((?:>>> .*\n?)(?:.+\n?)*)", flags=re.MULTILINE)


class Doctests(Extension):
    """Turn such an example into the section that the parser of docstrings knows."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Change the docstring of a class, a function or a module."""
        if obj.docstring:
            obj.docstring.value = EXAMPLE.sub(_section, obj.docstring.value)


def _section(found: re.Match[str]) -> str:
    return f"Examples:\n{textwrap.indent(found[1], '    ')}"
