"""The command mdat-extract."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mdat_data.command import clear_failures
from mdat_extract.settings import LONG, PRECISIONS, STORES, ExtractSettings

if TYPE_CHECKING:
    from mdat_data.cache import Recording

PACKAGES = ("librosa", "soundfile", "soxr", "torch", "transformers")
DEFAULT = ExtractSettings(corpus="", out=Path())
BAR = "{percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} s{postfix}, {rate_noinv_fmt}, {remaining} left"


def _layers(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Any:
    """Layers may be repeated or separated by commas."""
    return tuple(layer.strip() for value in values for layer in value.split(","))


@click.command(context_settings={"show_default": True, "max_content_width": 100})
@click.option(
    "--corpus",
    required=True,
    help="A corpus by name, a manifest (.csv or .tsv), or the folder of an audformat database.",
)
@click.option(
    "--root",
    type=click.Path(path_type=Path),
    show_default="$MDAT_CORPORA/<corpus>, else corpora/<corpus>",
    help="Folder of the recordings.",
)
@click.option(
    "--emotion-column",
    metavar="TABLE.COLUMN",
    help="Of an audformat database, where several columns, or none, are named emotion.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The features file to write. Batches are kept in <out>.parts/ until it is finished.",
)
@click.option(
    "--speech-encoder",
    default=DEFAULT.speech_encoder,
    metavar="MODEL",
    help="Folder or id (id@revision for another than the latest) of a wav2vec2, HuBERT, WavLM or "
    "data2vec-audio model; or logmel, which needs no download.",
)
@click.option(
    "--text-encoder",
    default=DEFAULT.text_encoder,
    metavar="MODEL",
    help="Folder or id of a text encoder; or char-ngram, which needs no download.",
)
@click.option(
    "--speech-layer",
    multiple=True,
    default=DEFAULT.speech_layer,
    callback=_layers,
    help="last, middle, or the number of a hidden state; may be repeated or separated by commas. "
    "All come from one pass. logmel has only last.",
)
@click.option(
    "--text-layer",
    multiple=True,
    default=DEFAULT.text_layer,
    callback=_layers,
    help="Likewise, of the text encoder. char-ngram has only last.",
)
@click.option(
    "--transcripts",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.tsv",
    help="Columns id and text, separated by a tab: transcripts that replace those of the corpus.",
)
@click.option(
    "--asr",
    metavar="MODEL",
    help="Folder or id of a CTC (wav2vec2, …) or Whisper model: recognises, in float32, what "
    "neither --transcripts nor the corpus has, and writes it to <out>.transcripts.tsv.",
)
@click.option(
    "--device",
    default=DEFAULT.device,
    help="cpu, cuda, cuda:1, …; auto is cuda where there is one, else cpu.",
)
@click.option(
    "--precision",
    type=click.Choice(PRECISIONS),
    default=DEFAULT.precision,
    help="Of the computation. bfloat16 is faster and 1 % less exact.",
)
@click.option(
    "--store",
    type=click.Choice(STORES),
    default=DEFAULT.store,
    help="Type of the stored numbers.",
)
@click.option(
    "--batch-seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=DEFAULT.batch_seconds,
    help="Audio in a batch, padding included. An interruption costs at most one batch.",
)
@click.option(
    "--max-seconds",
    type=click.FloatRange(min=0.025),
    default=DEFAULT.max_seconds,
    help="Longer recordings are cut there; they are counted and named.",
)
@click.option(
    "--long",
    type=click.Choice(LONG),
    default=DEFAULT.long,
    help="Recordings longer than --max-seconds are cut, or count as unusable.",
)
@click.option(
    "--max-failures",
    type=click.IntRange(min=0),
    default=DEFAULT.max_failures,
    help="So many unusable recordings may be left out; they are counted and named, here and in "
    "the file.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    help="For a try-out: encode only so many utterances, of all emotions in turn.",
)
def main(**options: Any) -> None:
    """Turn the recordings of a corpus into a features file.

    An interrupted run goes on where it was when the same command is given again.
    """
    interrupted = "interrupted. The same command goes on from here."
    with clear_failures(extra="extract", packages=PACKAGES, interrupted=interrupted):
        _run(ExtractSettings(**options))


def _run(settings: ExtractSettings) -> None:
    from mdat_extract.material import prepare
    from mdat_extract.pipeline import extract
    from mdat_extract.recognition import recognize
    from mdat_extract.report import after, before

    material = prepare(settings)
    click.echo(before(settings, material))
    if settings.asr and material.missing:
        missing = [r for r in material.recordings if r.utterance.id in material.missing]
        with _progress(missing, settings) as show:
            material = recognize(settings, material, show)
    with _progress(material.recordings, settings) as show:
        summary = extract(settings, material, show)
    click.echo(after(settings, material, summary))


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
