"""How well does a recogniser know the sentences of a corpus? And the features file that it makes.

    python benchmarks/recognition.py --asr whisper-tiny.en --root corpora/demo-en --out demo-en.h5

The transcripts of the corpus are hidden from mdat-extract, which recognises them instead, and are
what the recognised ones are compared with.
"""

import csv
from pathlib import Path

import click
import jiwer

from mdat_data.cache import open_features
from mdat_data.corpora import read_corpus
from mdat_data.utterance import Utterance
from mdat_extract import extract

COLUMNS = ("id", "audio", "speaker", "emotion", "language")

WORDS = jiwer.Compose(
    [
        jiwer.ToLowerCase(),
        jiwer.RemovePunctuation(),
        jiwer.RemoveMultipleSpaces(),
        jiwer.Strip(),
        jiwer.ReduceToListOfListOfWords(),
    ]
)
"""A transcript as words, without capitals and punctuation."""


@click.command()
@click.option("--asr", required=True, help="Folder or id of the recogniser.")
@click.option("--corpus", default="demo-en", show_default=True, help="With transcripts.")
@click.option("--root", type=click.Path(path_type=Path), required=True)
@click.option("--speech-encoder", default="logmel", show_default=True)
@click.option("--speech-layer", default="last", show_default=True)
@click.option("--text-encoder", default="char-ngram", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Features file.")
def main(
    asr: str,
    corpus: str,
    root: Path,
    speech_encoder: str,
    speech_layer: str,
    text_encoder: str,
    out: Path,
) -> None:
    """Recognise a corpus whose sentences are known, and print the word error rate."""
    known = read_corpus(corpus, root).utterances
    manifest = out.with_suffix(".csv")
    write(known, manifest)
    extract(
        str(manifest),
        out=out,
        root=root.absolute(),
        asr=asr,
        speech_encoder=speech_encoder,
        text_encoder=text_encoder,
        speech_layer=speech_layer,
    )
    with open_features(out) as cache:
        recognised = {u.id: u.transcript or "" for u in cache.utterances}
    errors = jiwer.process_words(
        [u.transcript for u in known],
        [recognised[u.id] for u in known],
        reference_transform=WORDS,
        hypothesis_transform=WORDS,
    )
    exact = sum(a == b for a, b in zip(errors.references, errors.hypotheses, strict=True))
    click.echo(
        f"{len(known)} utterances: word error rate {100 * errors.wer:.1f} %; "
        f"{100 * exact / len(known):.0f} % without an error"
    )


def write(utterances: tuple[Utterance, ...], manifest: Path) -> None:
    """Write a manifest without transcripts."""
    with manifest.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        for utterance in utterances:
            values = {name: getattr(utterance, name) for name in COLUMNS}
            table.writerow(values | {"audio": utterance.audio.absolute()})


if __name__ == "__main__":
    main()
