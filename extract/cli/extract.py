"""The command mdat-extract."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from mdat_data.process.failures import clear_failures
from mdat_data.process.printing import say
from mdat_extract.cli.options import extraction_options
from mdat_extract.config import ExtractConfig

if TYPE_CHECKING:
    from mdat_extract.inputs.prepared_corpus import PreparedCorpus
    from mdat_extract.progress import Advance, Stage

PACKAGES = ("librosa", "soundfile", "soxr", "torch", "transformers")
INTERRUPTED = "interrupted. The same command continues from here."
BAR = (
    "{desc}: {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} s{postfix}, {rate_noinv_fmt}, "
    "{remaining} left"
)
MOVED = ("info", "check", "verify", "merge")
"""Options of earlier releases that are commands of mdat-features now."""


class _Command(click.Command):
    """A command that refers from its former options to mdat-features."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if (name := error.option_name.removeprefix("--")) in MOVED:
                hint = f"{error.message} Use the command mdat-features {name}."
                raise click.NoSuchOption(error.option_name, hint, ctx=ctx) from None
            raise


@click.command(cls=_Command, context_settings={"show_default": True, "max_content_width": 100})
@extraction_options
@click.version_option(package_name="mdat-keras")
def main(**values: Any) -> None:
    """Encode the recordings of a corpus into a features file.

    If it is interrupted, the same command continues where it stopped.
    """
    with clear_failures(extra="extract", packages=PACKAGES, interrupted=INTERRUPTED):
        config = ExtractConfig(**values)
        from mdat_extract.encode import extract
        from mdat_extract.report import after

        say(after(config, extract(config, progress=_Shown(config))))


class _Shown:
    """Prints a description of the corpus and shows a progress bar for each stage.

    Args:
        config: The configuration.
    """

    def __init__(self, config: ExtractConfig) -> None:
        self._config = config

    def prepared(self, corpus: "PreparedCorpus") -> None:
        """Print what will be encoded."""
        from mdat_extract.report import before

        say(before(self._config, corpus))

    @contextmanager
    def stage(self, stage: "Stage", utterances: int, seconds: float) -> Iterator["Advance"]:
        """Show a bar over the seconds of audio."""
        from tqdm import tqdm

        with tqdm(
            total=seconds, desc=stage, unit=" s of audio", bar_format=BAR, disable=None
        ) as bar:
            done: list[int] = []

            def advance(number: int, seconds: float) -> None:
                if not done:  # the work of an earlier run does not count for the rate
                    bar.initial = bar.n = bar.last_print_n = seconds
                done.append(number)
                bar.update(seconds if len(done) > 1 else 0)
                bar.set_postfix_str(f"{sum(done)}/{utterances} utterances")

            yield advance
