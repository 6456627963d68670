"""Pages that lie elsewhere in the repository, where GitHub shows them, and their pictures."""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
PAGES = ("CHANGELOG.md", "CONTRIBUTING.md", "benchmarks/README.md")
PICTURES = sorted(ROOT.glob("benchmarks/*.png"))
OUTWARD = re.compile(rf"\]\(\.\./((?:\.\./)*(?:{'|'.join(map(re.escape, PAGES))}))")
INWARD = re.compile(r"\]\(((?:\.\./)*)docs/")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add them to the site under their paths in the repository."""
    for path in [*PAGES, *(str(picture.relative_to(ROOT)) for picture in PICTURES)]:
        files.append(File.generated(config, path, abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """On the site `docs/` is the root: links between it and the pages elsewhere change."""
    return (INWARD if page.file.src_uri in PAGES else OUTWARD).sub(r"](\1", markdown)
