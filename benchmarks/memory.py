"""What an extraction needs: peak memory, and computation for an hour of audio.

Each extraction is a process of its own, with few and with many utterances. What the many take more
is the computation, without the start-up.

    python benchmarks/memory.py --root corpora/urdu
    python benchmarks/memory.py --root corpora/urdu --utterances 4 --utterances 8
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from mdat_data.cache import open_features

COMMAND = "from mdat_extract.cli.extract import main; main()"


@click.command()
@click.option("--corpus", default="urdu", show_default=True)
@click.option("--root", type=click.Path(path_type=Path), required=True)
@click.option("--speech-encoder", default="logmel", show_default=True)
@click.option("--text-encoder", default="char-ngram", show_default=True)
@click.option("--precision", default="float32", show_default=True)
@click.option("--utterances", multiple=True, type=int, default=(40, 400), show_default=True)
def main(utterances: tuple[int, ...], **options: str) -> None:
    """Print what each number of utterances takes, and the computation for an hour of audio."""
    settings = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    peaks, computed, hours = [], [], []
    for number in utterances:
        with tempfile.TemporaryDirectory() as folder:
            out = f"{folder}/features.h5"
            usage = usage_of([*settings, f"--limit={number}", f"--out={out}"])
            with open_features(out) as cache:
                hours.append(sum(recording.duration for recording in cache.recordings) / 3600)
        peaks.append(usage.ru_maxrss / 1024)
        computed.append(usage.ru_utime + usage.ru_stime)
        click.echo(
            f"{number:6} utterances: {peaks[-1]:7.0f} MiB, {peaks[-1] / peaks[0]:.3f} of the first"
        )
    rate = (computed[-1] - computed[0]) / (hours[-1] - hours[0])
    click.echo(f"{rate:.0f} seconds of one core for an hour of audio")


def peak_mebibytes(arguments: list[str]) -> float:
    """Peak resident memory of one mdat-extract, in MiB."""
    return usage_of(arguments).ru_maxrss / 1024


def usage_of(arguments: list[str], command: str = COMMAND) -> resource.struct_rusage:
    """What one command used, by default mdat-extract: memory and time of the processor."""
    process = subprocess.Popen(
        [sys.executable, "-c", command, *arguments], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise click.ClickException(f"a command failed: {command} {' '.join(arguments)}")
    return usage


if __name__ == "__main__":
    main()
