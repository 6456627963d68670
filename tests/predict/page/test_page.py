"""The page in a real browser, with a microphone that plays a file."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from chromium import chromium
from predictable import CLASSES

pytestmark = pytest.mark.browser

LOUDNESS = 0.05
"""Amplitude of the tone that the microphone hears."""

DESKTOP, PHONE = {"width": 1100, "height": 800}, {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def address(toy) -> Iterator[str]:
    """A page that is served as a user serves it."""
    code = "import sys; from mdat_predict.cli.serve import main; main(sys.argv[1:])"
    how = ["--port", "0", "--segments", "fixed", "--window", "0.2", "--max-megabytes", "1"]
    command = [sys.executable, "-c", code, str(toy.run), *how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().split()[0]
        process.terminate()


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator:
    heard = tmp_path_factory.mktemp("microphone") / "heard.wav"
    tone = np.sin(np.arange(3 * 48_000) * 2 * np.pi * 440 / 48_000) * LOUDNESS
    soundfile.write(heard, tone, 48_000)
    microphone = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    with chromium(*microphone, f"--use-file-for-fake-audio-capture={heard}") as found:
        yield found


@pytest.fixture
def open_page(browser, address) -> Iterator:
    """Opens the page, and lets nobody else be asked and nothing go wrong."""
    contexts, wrong = [], []

    def opened(**how):
        context = browser.new_context(**{"viewport": DESKTOP, "permissions": ["microphone"]} | how)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.on(
            "request",
            lambda r: (
                None if r.url.startswith((address, "blob:", "data:")) else wrong.append(r.url)
            ),
        )
        page.goto(address)
        page.get_by_text("tells angry, happy, sad apart").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not [text for text in wrong if "400 (Bad Request)" not in text]


def wait(page, holds: str) -> None:
    """Wait for an expression. Playwright's own way evaluates text, which the page forbids."""
    for _ in range(400):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never true: {holds}")


def choose(page, *paths: Path) -> None:
    page.set_input_files("#files", [str(path) for path in paths])
    wait(page, f"document.querySelectorAll('article').length === {len(paths)}")


def test_recordings_are_shown_with_their_segments(open_page, toy):
    page = open_page()
    choose(page, *toy.recordings[:2])
    assert page.locator("article h2").all_inner_texts()[0].startswith(toy.recordings[0].name)
    row = page.locator("article").first.locator("li").first
    assert row.locator(".emotion").inner_text().strip() in CLASSES
    assert [text.split("\n")[0] for text in row.locator(".bar").all_inner_texts()] == list(CLASSES)
    colours = page.evaluate(
        "(() => { const c = document.querySelector('article canvas');"
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "return new Set(new Uint32Array(d.buffer)).size })()"
    )
    assert colours > 3
    assert page.locator("#status").inner_text() == "Done. The results are below."


def test_a_bad_file_gets_a_sentence_and_the_others_are_predicted(open_page, toy, tmp_path):
    bad, large = tmp_path / "<img src=x onerror=alert(1)>.wav", tmp_path / "large.wav"
    bad.write_text("no sound")
    large.write_bytes(bytes(1_000_001))
    page = open_page()
    choose(page, bad, large, toy.recordings[0])
    assert "not audio" in page.locator(".error").first.inner_text()
    assert "more than 1 MB" in page.locator(".error").last.inner_text()
    assert page.locator("article li").count() > 0
    page.get_by_text("2 of 3 recordings cannot be used.").wait_for()


def test_the_microphone_is_recorded_as_loud_as_it_is(open_page):
    page = open_page()
    with page.expect_response("**/api/predict") as answered:
        page.get_by_role("button", name="Record").click()
        wait(page, "parseFloat(document.getElementById('seconds').textContent) >= 2")
        page.get_by_role("button", name="Stop and predict").click()
    peaks = answered.value.json()["waveform"]
    later = peaks[len(peaks) // 2 :]  # the beginning may be silent, while the device starts
    assert np.median(later) == pytest.approx(LOUDNESS, rel=0.05)
    page.locator("article li").first.wait_for()
    assert page.locator("article h2").inner_text().startswith("recording-1.wav")


def test_a_segment_is_played_and_no_more(open_page, toy):
    page = open_page()
    choose(page, toy.recordings[0])
    page.locator(".play").first.click()
    wait(page, "document.querySelector('audio').currentTime >= 0.2")
    wait(page, "document.querySelector('audio').paused")
    assert page.evaluate("document.querySelector('audio').currentTime") < 0.35


def test_a_reason_is_drawn(open_page, toy):
    page = open_page()
    choose(page, toy.recordings[0])
    page.locator(".why").first.click()
    page.locator("figcaption").first.get_by_text("How far the probability of").wait_for()
    assert page.locator("figure canvas").first.bounding_box()["height"] == 90


def test_labels_are_saved_by_keyboard_alone(open_page, toy):
    page = open_page()
    choose(page, toy.recordings[0])
    page.locator("#choose").focus()
    reached = []
    while "SELECT" not in reached and len(reached) < 30:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.tagName"))
    page.keyboard.press("ArrowDown")
    page.locator("article strong small").first.get_by_text("your label").wait_for()
    with page.expect_download() as saved:
        page.locator("#labelled").focus()
        page.keyboard.press("Enter")
    archive = zipfile.ZipFile(saved.value.path())
    assert f",{CLASSES[0]}," in archive.read("manifest.csv").decode()
    with page.expect_download() as saved:
        page.get_by_role("button", name="TextGrid").press("Enter")
    assert saved.value.suggested_filename == "emotions.textgrid"
    page.get_by_role("button", name="Remove").press("Enter")
    assert page.locator("article").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_within_its_width(open_page, toy, scheme):
    page = open_page(viewport=PHONE, color_scheme=scheme)
    choose(page, toy.recordings[0])
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, background[4:-1].split(","))) > 382) == (scheme == "light")
