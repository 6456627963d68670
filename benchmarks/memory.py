"""Peak memory of an extraction with few and with many utterances.

Each extraction is a process of its own, whose peak resident memory is measured.

    python benchmarks/memory.py --root corpora/urdu
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import click

COMMAND = "from mdat_extract.cli.extract import main; main()"


@click.command()
@click.option("--corpus", default="urdu", show_default=True)
@click.option("--root", type=click.Path(path_type=Path), required=True)
@click.option("--speech-encoder", default="logmel", show_default=True)
@click.option("--text-encoder", default="char-ngram", show_default=True)
@click.option("--precision", default="float32", show_default=True)
@click.option("--utterances", multiple=True, type=int, default=(40, 400), show_default=True)
def main(utterances: tuple[int, ...], **options: str) -> None:
    """Print the peak memory for each number of utterances, and the ratio to the first."""
    settings = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    first = 0.0
    for number in utterances:
        with tempfile.TemporaryDirectory() as folder:
            peak = peak_mebibytes([*settings, f"--limit={number}", f"--out={folder}/features.h5"])
        first = first or peak
        click.echo(f"{number:6} utterances: {peak:7.0f} MiB, {peak / first:.3f} of the first")


def peak_mebibytes(arguments: list[str]) -> float:
    """Peak resident memory of one mdat-extract, in MiB."""
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise click.ClickException(f"mdat-extract failed: {' '.join(arguments)}")
    return usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
