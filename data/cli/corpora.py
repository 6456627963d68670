"""The command mdat-corpora."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mdat_data.process.failures import clear_failures
from mdat_data.process.paths import UsablePath
from mdat_data.process.printing import say

if TYPE_CHECKING:
    from mdat_data.catalogue import Entry
    from mdat_data.corpus import Corpus

COLUMNS = "{:<10}  {:<4}  {:>5}  {:>8}  {:<14}  {}"

name_argument = click.argument("name", metavar="CORPUS")


def _failures() -> AbstractContextManager[None]:
    return clear_failures(extra="demo", packages=("espeakng_loader",), interrupted="interrupted.")


@click.group(
    invoke_without_command=True, context_settings={"show_default": True, "max_content_width": 100}
)
@click.version_option(package_name="mdat-keras")
@click.pass_context
def main(context: click.Context) -> None:
    """List, describe and check the corpora that can be read by their names.

    Without a command it lists them.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_)


@main.command("list")
def list_() -> None:
    """List all corpora, and how much of each is here.

    A corpus is here if it is in its folder below $MDAT_CORPORA, or below corpora.
    """
    with _failures():
        from mdat_data.catalogue import entry
        from mdat_data.corpora import names

        say(COLUMNS.format("corpus", "lang", "hours", "speakers", "here", "licence"))
        for name in names():
            say(_row(entry(name)))


@main.command()
@name_argument
def show(name: str) -> None:
    """Print the documentation of a corpus.

    It names the origin, the licence and the layout that the folder must have.
    """
    with _failures():
        from mdat_data.catalogue import entry
        from mdat_data.corpora import default_root

        known = entry(name)
        say(
            f"{known.documentation}\n\n{_size(known)}; emotions: {', '.join(known.emotions)}.\n"
            f"Its folder is {default_root(name)}, unless --root names another one; here: "
            f"{known.here()}."
        )


@main.command()
@name_argument
@click.option(
    "--root",
    type=UsablePath(),
    show_default="$MDAT_CORPORA/<corpus>, else corpora/<corpus>",
    help="Folder of the recordings.",
)
@click.pass_context
def check(context: click.Context, name: str, root: Path | None) -> None:
    """Count the recordings in a folder, and what is missing.

    Only file names are examined; mdat-extract checks the recordings. The exit code is 1 if
    recordings, speakers or emotions are missing.
    """
    with _failures():
        from mdat_data.catalogue import entry
        from mdat_data.corpora import read_corpus

        known = entry(name)
        corpus = read_corpus(name, root)
        missing = _missing(known, corpus)
        say("\n".join([*_counted(corpus), *(missing or ["  nothing is missing"])]))
    context.exit(1 if missing else 0)


def _row(known: "Entry") -> str:
    size = known.size
    numbers = (f"{size.hours:.1f}", size.speakers)
    row = COLUMNS.format(known.name, known.language, *numbers, known.here(), known.licence)
    indent = " " * 12
    return f"{row}\n{indent}{', '.join(known.emotions)}\n{indent}{known.source}"


def _size(known: "Entry") -> str:
    size = known.size
    return f"{size.recordings} recordings of {size.speakers} speakers, {size.hours:g} h"


def _counted(corpus: "Corpus") -> Iterator[str]:
    """What is in a folder."""
    spoken = corpus.utterances
    speakers = len({utterance.speaker for utterance in spoken})
    yield f"{corpus.name} in {corpus.root}: {len(spoken)} recordings of {speakers} speakers"
    yield f"  emotions: {_counts(str(utterance.emotion) for utterance in spoken)}"
    yield f"  sexes: {_counts(utterance.sex or 'unknown' for utterance in spoken)}"
    if any(utterance.intensity for utterance in spoken):
        yield f"  intensities: {_counts(utterance.intensity or 'unknown' for utterance in spoken)}"
    sentences = {utterance.sentence or utterance.transcript for utterance in spoken} - {""}
    yield f"  sentences: {len(sentences) or 'unknown'}"
    yield f"  transcripts: {sum(bool(utterance.transcript) for utterance in spoken)}"
    yield from (f"  left out: {count} ({why})" for why, count in sorted(corpus.left_out.items()))


def _missing(known: "Entry", corpus: "Corpus") -> list[str]:
    speakers = {utterance.speaker for utterance in corpus.utterances}
    got = {"recordings": len(corpus.utterances), "speakers": len(speakers)}
    said = {utterance.emotion for utterance in corpus.utterances}
    absent = [emotion for emotion in known.emotions if emotion not in said]
    return [
        f"  expected {getattr(known.size, what)} {what}, got {number}: "
        f"{getattr(known.size, what) - number} are missing"
        for what, number in got.items()
        if number < getattr(known.size, what)
    ] + ([f"  expected recordings of {', '.join(absent)}, got none"] if absent else [])


def _counts(words: Iterable[str]) -> str:
    return ", ".join(f"{word} {count}" for word, count in sorted(Counter(words).items()))
