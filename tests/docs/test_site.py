"""The site builds without a warning, and asks no other host for anything."""

import importlib
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest
from chromium import chromium
from documents import COMMANDS, REPORTS, ROOT
from sources import FOLDERS

WIDE = (
    *("explanation/mdat", "reference/commands", "results"),
    *(f"results/{report.name}/tables" for report in sorted(REPORTS.iterdir())),
)
"""Pages with equations and wide tables."""

LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}


class Loaded(HTMLParser):
    """What a page loads, and its elements."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        address = dict(attrs).get(LOADS.get(tag, ""))
        if address:
            self.addresses.append(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The whole site; a warning fails the build."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", folder]
    subprocess.run(build, cwd=ROOT, check=True, timeout=280)
    return folder


@pytest.fixture(scope="module")
def pages(site) -> dict[str, Loaded]:
    """What each page loads."""
    read = {}
    for path in site.rglob("*.html"):
        read[str(path.relative_to(site))] = page = Loaded()
        page.feed(path.read_text(encoding="utf-8"))
    return read


def test_no_page_loads_from_another_host(pages):
    loaded = {a for page in pages.values() for a in page.addresses}
    assert [a for a in loaded if re.match(r"(https?:)?//", a)] == []


def test_everything_that_a_page_loads_is_there(site, pages):
    for name, page in pages.items():
        for address in page.addresses:
            # Only 404.html, which may be shown anywhere, has paths from the root.
            folder = site if address.startswith("/") else (site / name).parent
            path = address.partition("?")[0].partition("#")[0].removeprefix("/")
            assert path.startswith("data:") or (folder / path).exists(), name


def test_no_style_loads_from_another_host(site):
    for path in site.rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*[\"']?(https?:)?//", path.read_text("utf-8"))


def test_equations_are_mathml(site, pages):
    assert "math" in pages["explanation/mdat.html"].tags
    assert not [p for p in site.rglob("*.html") if "arithmatex" in p.read_text("utf-8")]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_reference_has_every_command_with_its_options(site, name):
    text = (site / "reference/commands.html").read_text("utf-8")
    _, _, about = text.partition(f'id="{name.replace(" ", "-")}"')
    about, _, _ = about.partition("</table>")
    assert all(
        f"<code>{p.opts[0]}" in about for p in COMMANDS[name].params if isinstance(p, click.Option)
    )
    assert "UNSET" not in about


@pytest.mark.parametrize("package", FOLDERS)
def test_the_reference_has_every_name(site, package):
    text = (site / f"reference/api/{package}.html").read_text("utf-8")
    for name in importlib.import_module(package).__all__:
        assert name.isupper() or f'id="{package}.{name}"' in text


def test_examples_of_the_reference_are_code(site):
    assert ">&gt;&gt;&gt; <" in (site / "reference/api/mdat_keras.html").read_text("utf-8")


@pytest.mark.browser
def test_wide_pages_open_on_a_phone(site):
    wrong: list[str] = []
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.on("request", lambda r: wrong.append(r.url) if r.url.startswith("http") else None)
        for name in WIDE:
            page.goto((site / f"{name}.html").as_uri())
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{name} is wider than the screen")
    assert wrong == []


@pytest.mark.browser
def test_the_search_finds_an_option_without_a_server(site):
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto((site / "index.html").as_uri())
        page.locator("input[name=query]").click()
        page.keyboard.type("pseudo-labels")
        page.get_by_role("heading", name="How a target is learned").wait_for(timeout=60_000)
