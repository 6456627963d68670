"""Equations as MathML: the browser draws them itself, with no script and no font from elsewhere."""

import html
import re

from latex2mathml.converter import convert

INLINE = re.compile(r'<span class="arithmatex">\\\((.*?)\\\)</span>', flags=re.DOTALL)
BLOCK = re.compile(r'<div class="arithmatex">\\\[(.*?)\\\]</div>', flags=re.DOTALL)


def on_page_content(content: str, **_: object) -> str:
    r"""Replace what the extension arithmatex found between `\(…\)` and `\[…\]`."""
    content = INLINE.sub(lambda found: convert(html.unescape(found[1])), content)
    return BLOCK.sub(lambda found: _block(html.unescape(found[1])), content)


def _block(latex: str) -> str:
    return f'<div class="equation">{convert(latex.strip(), display="block")}</div>'
