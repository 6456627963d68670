"""The options of mdat-extract."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mdat_extract.config import LONG, PRECISIONS, STORES, ExtractSettings

DEFAULT = ExtractSettings(corpus="", out=Path())


def _layers(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    """Layers may be repeated or separated by commas."""
    return tuple(layer.strip() for value in values for layer in value.split(","))


_EXTRACTION = [
    click.option(
        "--corpus",
        help="A corpus by name, a manifest (.csv or .tsv), or the folder of an audformat database.",
    ),
    click.option(
        "--root",
        type=click.Path(path_type=Path),
        show_default="$MDAT_CORPORA/<corpus>, else corpora/<corpus>",
        help="Folder of the recordings.",
    ),
    click.option(
        "--emotion-column",
        metavar="TABLE.COLUMN",
        help="Of an audformat database, where several columns, or none, are named emotion.",
    ),
    click.option(
        "--out",
        type=click.Path(path_type=Path, dir_okay=False),
        help="The features file to write. Batches are kept in <out>.parts/ until it is finished.",
    ),
    click.option(
        "--speech-encoder",
        default=DEFAULT.speech_encoder,
        metavar="MODEL",
        help="Folder or id (id@revision for another than the latest) of a wav2vec2, HuBERT, WavLM "
        "or data2vec-audio model; or logmel, which needs no download.",
    ),
    click.option(
        "--text-encoder",
        default=DEFAULT.text_encoder,
        metavar="MODEL",
        help="Folder or id of a text encoder; or char-ngram, which needs no download.",
    ),
    click.option(
        "--speech-layer",
        multiple=True,
        default=DEFAULT.speech_layer,
        callback=_layers,
        help="last, middle, or the number of a hidden state; may be repeated or separated by "
        "commas. All come from one pass. logmel has only last.",
    ),
    click.option(
        "--text-layer",
        multiple=True,
        default=DEFAULT.text_layer,
        callback=_layers,
        help="Likewise, of the text encoder. char-ngram has only last.",
    ),
    click.option(
        "--transcripts",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE.tsv",
        help="Columns id and text, separated by a tab: transcripts that replace those of the "
        "corpus.",
    ),
    click.option(
        "--asr",
        metavar="MODEL",
        help="Folder or id of a CTC (wav2vec2, …) or Whisper model: recognises, in float32, what "
        "neither --transcripts nor the corpus has, and writes it to <out>.transcripts.tsv.",
    ),
    click.option(
        "--device",
        default=DEFAULT.device,
        help="cpu, cuda, cuda:1, …; auto is cuda where there is one, else cpu.",
    ),
    click.option(
        "--precision",
        type=click.Choice(PRECISIONS),
        default=DEFAULT.precision,
        help="Of the computation. bfloat16 is faster and 1 % less exact.",
    ),
    click.option(
        "--store",
        type=click.Choice(STORES),
        default=DEFAULT.store,
        help="Type of the stored numbers.",
    ),
    click.option(
        "--batch-seconds",
        type=click.FloatRange(min=0, min_open=True),
        default=DEFAULT.batch_seconds,
        help="Audio in a batch, padding included. An interruption costs at most one batch.",
    ),
    click.option(
        "--max-seconds",
        type=click.FloatRange(min=0.025),
        default=DEFAULT.max_seconds,
        help="Longer recordings are cut there; they are counted and named.",
    ),
    click.option(
        "--long",
        type=click.Choice(LONG),
        default=DEFAULT.long,
        help="Recordings longer than --max-seconds are cut, or count as unusable.",
    ),
    click.option(
        "--max-failures",
        type=click.IntRange(min=0),
        default=DEFAULT.max_failures,
        help="So many unusable recordings may be left out; they are counted and named, here and in "
        "the file.",
    ),
    click.option(
        "--limit",
        type=click.IntRange(min=1),
        help="For a try-out: encode only so many utterances, of all emotions in turn.",
    ),
    click.option(
        "--shard",
        metavar="K/N",
        help="Encode only the K-th of N parts; --merge joins them.",
    ),
]

_FILES = [
    click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE.h5]..."),
    click.option("--info", is_flag=True, help="Tell what is in FILE.h5."),
    click.option("--check", is_flag=True, help="Prove that FILE.h5 holds what was written."),
    click.option(
        "--verify",
        type=click.IntRange(min=1),
        metavar="N",
        help="Encode N random utterances of FILE.h5 again, and compare.",
    ),
    click.option("--merge", is_flag=True, help="Join the shards FILE.h5... to --out."),
    click.option("--seed", default=0, help="Of the draw of --verify."),
]


def extraction_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options about what is encoded, and how: the fields of `ExtractSettings`."""
    for option in reversed(_EXTRACTION):
        command = option(command)
    return command


def file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The features files that are there already, and the options about what to do with them."""
    for option in reversed(_FILES):
        command = option(command)
    return command
