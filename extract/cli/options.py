"""The options of mdat-extract."""

from collections.abc import Callable
from typing import Any

import click

from mdat_data.process.paths import UsablePath
from mdat_extract.config import LONG, PRECISIONS, STORES, ExtractConfig

DEFAULT = ExtractConfig(corpus="emodb", out="emodb.h5")

_EXTRACTION = [
    click.option(
        "--corpus",
        required=True,
        help="Name of a corpus, a manifest (.csv or .tsv), or the folder of an audformat database.",
    ),
    click.option(
        "--root",
        type=UsablePath(),
        show_default="$MDAT_CORPORA/<corpus>, else corpora/<corpus>",
        help="Folder of the recordings.",
    ),
    click.option(
        "--emotion-column",
        metavar="TABLE.COLUMN",
        help="Column of the labels of an audformat database, if none or several columns are named "
        "emotion.",
    ),
    click.option(
        "--out",
        required=True,
        type=UsablePath(dir_okay=False),
        help="The features file to write. Finished batches are kept in <out>.parts/ until all are "
        "finished.",
    ),
    click.option(
        "--speech-encoder",
        default=DEFAULT.speech_encoder,
        metavar="MODEL",
        help="Folder or id of a wav2vec2, HuBERT, WavLM, data2vec-audio, Whisper or w2v-BERT model "
        "(id@revision for a revision that is not the latest); or logmel, which needs no download; "
        "or none, which leaves speech out of the file.",
    ),
    click.option(
        "--text-encoder",
        default=DEFAULT.text_encoder,
        metavar="MODEL",
        help="Folder or id of a language model, such as BERT, a sentence encoder or a decoder; or "
        "char-ngram, which needs no download; or none, which leaves text out of the file.",
    ),
    click.option(
        "--text-prefix",
        default=DEFAULT.text_prefix,
        show_default="none",
        metavar="TEXT",
        help="Put before every text, for language models that were trained with one, such as "
        "'query: '. Its tokens have rows too, as those of beginning and end. The file records it.",
    ),
    click.option(
        "--speech-layer",
        multiple=True,
        default=DEFAULT.speech_layer,
        help="last, middle, or the number of a hidden state; may be repeated or separated by "
        "commas. One pass computes all of them. logmel has only last.",
    ),
    click.option(
        "--text-layer",
        multiple=True,
        default=DEFAULT.text_layer,
        help="Layers of the text encoder, likewise. char-ngram has only last.",
    ),
    click.option(
        "--transcripts",
        type=UsablePath(dir_okay=False),
        metavar="FILE.tsv",
        help="Table with the columns id and text, separated by tabs. Its transcripts replace those "
        "of the corpus.",
    ),
    click.option(
        "--asr",
        metavar="MODEL",
        help="Folder or id of a CTC (wav2vec2, …) or Whisper model that recognises the transcripts "
        "that neither --transcripts nor the corpus has, in float32. They are written to "
        "<out>.transcripts.tsv.",
    ),
    click.option(
        "--device",
        default=DEFAULT.device,
        help="cpu, cuda, cuda:1, …; auto is cuda if available, else cpu.",
    ),
    click.option(
        "--precision",
        type=click.Choice(PRECISIONS),
        default=DEFAULT.precision,
        help="Precision of the computation. bfloat16 is faster, with a relative error of 1 %.",
    ),
    click.option(
        "--store",
        type=click.Choice(STORES),
        default=DEFAULT.store,
        help="Type of the stored features.",
    ),
    click.option(
        "--batch-seconds",
        type=float,
        default=DEFAULT.batch_seconds,
        help="Seconds of audio in a batch, padding included. An interruption costs at most one "
        "batch.",
    ),
    click.option(
        "--max-seconds",
        type=float,
        default=DEFAULT.max_seconds,
        help="Longest recording in seconds. Longer ones are cut, and listed in the file.",
    ),
    click.option(
        "--long",
        type=click.Choice(LONG),
        default=DEFAULT.long,
        help="Cut recordings that are longer than --max-seconds, or count them as unusable.",
    ),
    click.option(
        "--max-failures",
        type=int,
        default=DEFAULT.max_failures,
        help="Largest number of unusable recordings that may be left out. They are reported and "
        "listed in the file.",
    ),
    click.option(
        "--limit",
        type=int,
        help="Number of utterances to encode, of all emotions in turn, for a trial. Default: all.",
    ),
    click.option(
        "--shard",
        metavar="K/N",
        help="Encode only part K of N, on one of several machines; mdat-features merge joins them.",
    ),
]


def extraction_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of mdat-extract to a command: the fields of `ExtractConfig`."""
    for option in reversed(_EXTRACTION):
        command = option(command)
    return command
