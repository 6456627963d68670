"""The command mdat-extract."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from mdat_data.process.failures import clear_failures
from mdat_extract.cli.features import choose_mode, run_mode
from mdat_extract.cli.options import extraction_options, file_options
from mdat_extract.config import ExtractSettings

if TYPE_CHECKING:
    from mdat_data.cache import Recording

PACKAGES = ("librosa", "soundfile", "soxr", "torch", "transformers")
BY_USER = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)
BAR = "{percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} s{postfix}, {rate_noinv_fmt}, {remaining} left"


@click.command(context_settings={"show_default": True, "max_content_width": 100})
@extraction_options
@file_options
@click.pass_context
def main(context: click.Context, /, **values: Any) -> None:
    """Turn the recordings of a corpus (--corpus, --out) into a features file.

    An interrupted run goes on where it was when the same command is given again.

    With --info, --check, --verify or --merge: look at features files that are there, or join them.
    """
    given = {name for name in values if context.get_parameter_source(name) in BY_USER}
    mode = choose_mode(values, given)
    interrupted = "interrupted. The same command goes on from here."
    with clear_failures(extra="extract", packages=PACKAGES, interrupted=interrupted):
        if mode is None:
            names = [field.name for field in fields(ExtractSettings)]
            _run(ExtractSettings(**{name: values[name] for name in names}))
            return
        answer = run_mode(mode, values, given)
    _say(answer.text)
    context.exit(0 if answer.sound else 1)


def _run(settings: ExtractSettings) -> None:
    from mdat_data.cache import exclusive, reporting_full_disk
    from mdat_extract.asr.transcribe import recognize
    from mdat_extract.encode import encode
    from mdat_extract.inputs.prepared_corpus import prepare
    from mdat_extract.report import after, before

    material = prepare(settings)
    _say(before(settings, material))
    with reporting_full_disk(settings.out), exclusive(settings.out):
        if settings.asr and material.missing:
            with _progress(material.untranscribed(), settings) as show:
                material = recognize(settings, material, show)
        with _progress(material.recordings, settings) as show:
            summary = encode(settings, material, show)
    _say(after(settings, material, summary))


@contextmanager
def _progress(
    recordings: Sequence["Recording"], settings: ExtractSettings
) -> Iterator[Callable[[int, float], None]]:
    """A bar over seconds of audio, and what is to be called with each piece that is done."""
    from tqdm import tqdm

    total = sum(min(r.duration, settings.max_seconds) for r in recordings)
    with tqdm(total=total, unit=" s of audio", bar_format=BAR, disable=None) as bar:
        done: list[int] = []

        def show(utterances: int, seconds: float) -> None:
            if not done:  # what an earlier run did is no part of the rate
                bar.initial = bar.n = bar.last_print_n = seconds
            done.append(utterances)
            bar.update(seconds if len(done) > 1 else 0)
            bar.set_postfix_str(f"{sum(done)}/{len(recordings)} utterances")

        yield show


def _say(text: str) -> None:
    """Print; where nobody reads any more, the features are made all the same."""
    try:
        click.echo(text)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
