"""Damaged files for `fuzz.py`: tables, recordings, features files, databases and runs."""

import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
import soundfile
from click.testing import CliRunner

import mdat_data
import mdat_train
from mdat_extract.cli.extract import main as extract
from mdat_extract.cli.features import main as features
from mdat_extract.inputs.audio import inspect_audio, load
from mdat_train.cli.train import main as train

RATE, SAMPLES = 16_000, 6_000
EMOTIONS, SPEAKERS = ("angry", "happy", "neutral", "sad"), ("s1", "s2", "s3", "s4")
COLUMNS = ("id", "audio", "emotion", "speaker", "transcript", "group")
CONTAINERS = {
    "wav": "PCM_16",
    "rf64": "PCM_16",
    "w64": "PCM_16",
    "aiff": "PCM_16",
    "au": "PCM_16",
    "nist": "PCM_16",
    "caf": "PCM_16",
    "flac": "PCM_16",
    "ogg": "VORBIS",
    "mp3": "MPEG_LAYER_III",
}
"""Container, as libsndfile names it -> encoding."""

OFFLINE = ("--speech-encoder=logmel", "--text-encoder=char-ngram", "--limit=2")
TRAIN = ("--model=svm", "--folds=2", "--seeds=1", "--shot-draws=1")

PIECES = (
    *(b"\0", b"\xff", b'"', b"\r", b"\n", b"\t", b",", b";", b"'", b"\\", b"..", b"/etc/passwd"),
    *(
        b"nan",
        b"inf",
        b"-1",
        b"1e999",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        "é".encode(),
        "e\u0301".encode(),
    ),
    *(b"!!python/object/apply:os.abort []", b"<script>", b"\x1b[31m", b"$\\frac$", b"=1+1"),
    *(
        number.to_bytes(4, order)
        for number in (0, 1, 2**31 - 1, 2**32 - 1)
        for order in ("little", "big")
    ),
)
"""What is put into files: what once was a fault, or looks like one."""


@dataclass(frozen=True)
class World:
    """Valid files, made once.

    Attributes:
        folder: Holds them.
    """

    folder: Path

    @property
    def manifest(self) -> Path:
        return self.folder / "manifest.csv"

    @property
    def features(self) -> Path:
        return self.folder / "emodb.h5"

    @property
    def shards(self) -> list[Path]:
        return [self.folder / f"shard-{number}.h5" for number in (1, 2)]


class RefusedError(Exception):
    """A command ended with exit code 2, or 1 where it checks a file."""


def make_world(folder: Path) -> World:
    """Write recordings, tables, features files and a run."""
    world = World(folder)
    for name, table in (("emodb", "manifest.csv"), ("urdu", "other.csv")):
        rows = [_recorded(folder, name, number) for number in range(len(SPEAKERS) * len(EMOTIONS))]
        for suffix, separator in ((".csv", ","), (".tsv", "\t")):
            lines = [separator.join(row) + "\n" for row in (COLUMNS, *rows)]
            (folder / table).with_suffix(suffix).write_text("".join(lines), encoding="utf-8")
        called(extract, f"--corpus={folder / table}", *OFFLINE[:2], f"--out={folder / name}.h5")
    samples, _ = soundfile.read(folder / "emodb0.wav")
    for container, encoding in CONTAINERS.items():
        path = folder / f"sound.{container}"
        soundfile.write(path, samples, RATE, format=container, subtype=encoding)
    texts = "\n".join(f"emodb{number}\tword {number}" for number in range(8))
    (folder / "texts.tsv").write_text(f"id\ttext\n{texts}\n", encoding="utf-8")
    for number, shard in enumerate(world.shards, 1):
        part = ("--batch-seconds=1", f"--shard={number}/2", f"--out={shard}")
        called(extract, f"--corpus={world.manifest}", *OFFLINE[:2], *part)
    mdat_train.cross_validate(world.features, model="svm", folds=2, seeds=1, out=folder / "run")
    return world


def _recorded(folder: Path, corpus: str, number: int) -> tuple[str, ...]:
    """Write a recording; returns its row."""
    rng = np.random.default_rng([len(corpus), number])
    tone = np.sin(np.arange(SAMPLES) * (0.05 + number / 200))
    samples = tone / 3 + rng.normal(size=SAMPLES) / 50
    id, speaker = f"{corpus}{number}", SPEAKERS[number % len(SPEAKERS)]
    soundfile.write(folder / f"{id}.wav", samples, RATE)
    emotion = EMOTIONS[number // len(SPEAKERS)]
    return (id, f"{id}.wav", emotion, speaker, f"word {number}", speaker)


def called(command: click.Command, *arguments: str) -> None:
    """Call a command in this process.

    Raises:
        RefusedError: It ended with exit code 1 or 2 and a message.
    """
    done = CliRunner().invoke(command, arguments)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    if done.exit_code:
        if done.exit_code > 2 or "Traceback" in done.output or not done.output.strip():
            raise RuntimeError(f"exit code {done.exit_code}: {done.output[-300:]}")
        raise RefusedError(done.output.strip().splitlines()[-1])


def damaged(content: bytes, rng: random.Random) -> bytes:
    """Change some places of a file."""
    made = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randrange(len(made) + 1)
        if rng.random() < 0.3:  # headers are at the beginning
            at = min(at, rng.randrange(1, 200))
        end = min(len(made), at + rng.choice((1, 2, 4, 8, 64)))
        change = rng.randrange(6)
        if change == 0 and at < len(made):
            made[at] ^= 1 << rng.randrange(8)
        elif change == 1:
            made[at:end] = rng.choice(PIECES)
        elif change == 2:
            made[at:at] = rng.choice(PIECES)
        elif change == 3:
            del made[at:end]
        elif change == 4:
            del made[at:]
        else:
            made[at:at] = made[max(0, at - 80) : at]
    return bytes(made)


def manifest(world: World, path: Path) -> None:
    """Extract the corpus of a damaged manifest."""
    root = f"--root={world.folder}"
    called(extract, f"--corpus={path}", root, *OFFLINE, "--out=made.h5")


def transcripts(world: World, path: Path) -> None:
    """Extract with damaged transcripts."""
    root = f"--root={world.folder}"
    called(
        extract,
        f"--corpus={world.manifest}",
        root,
        f"--transcripts={path}",
        *OFFLINE,
        "--out=made.h5",
    )


def recording(world: World, path: Path) -> None:
    """Read a damaged recording: what is announced must be read."""
    announced, read = inspect_audio(path).duration, len(load(path)) / RATE
    if announced != read:
        raise RuntimeError(f"{announced} seconds announced, {read} read")


def features_file(world: World, path: Path) -> None:
    """Read everything in a damaged features file."""
    with mdat_data.open_features(path) as file:
        for row in range(len(file)):
            file.features(row)
            file.tokens(row)


def commands(world: World, path: Path) -> None:
    """Look at a damaged features file with a command."""
    for name in ("info", "check"):
        called(features, name, str(path))


def training(world: World, path: Path) -> None:
    """Train on a damaged features file."""
    called(train, f"--source={path}", *TRAIN, "--out=trained")


def run(world: World, path: Path) -> None:
    """Read a run with a damaged file."""
    folder = path.parent / "run"
    shutil.copytree(world.folder / "run", folder)
    shutil.copy(path, folder / path.name)
    mdat_train.read_run(folder).summary()


def header(world: World, path: Path) -> None:
    """Read a database of audformat with a damaged header."""
    shutil.copy(world.folder / "emodb0.wav", path.parent)
    table = "file,emotion,speaker\nemodb0.wav,angry,s1\n"
    path.with_name("db.emotion.csv").write_text(table, encoding="utf-8")
    called(extract, f"--corpus={path.parent}", *OFFLINE, "--out=made.h5")


KINDS: Mapping[str, tuple[tuple[str, ...], Callable[[World, Path], None]]] = {
    "manifest": (("manifest.csv", "manifest.tsv"), manifest),
    "transcripts": (("texts.tsv",), transcripts),
    "recording": (tuple(f"sound.{container}" for container in CONTAINERS), recording),
    "features file, read": (("emodb.h5",), features_file),
    "features file, info and check": (("emodb.h5",), commands),
    "features file, training": (("emodb.h5",), training),
    "run": (("run/predictions.csv", "run/config.json", "run/splits.json"), run),
    "header of audformat": (("db.yaml",), header),
}
"""Kind -> the valid files, and what is done with a damaged one."""

HEADER = """name: toy
languages: [deu]
usage: unrestricted
source: here
schemes:
  emotion: {dtype: str, labels: [angry, sad]}
tables:
  emotion:
    type: filewise
    columns: {emotion: {scheme_id: emotion}, speaker: {}}
"""


def attempt(world: World, rng: random.Random) -> tuple[str, Callable[[], None]]:
    """Choose a kind and damage one of its files, in the working directory.

    Returns:
        The kind, and a function that uses the file. It raises `InputError` or `RefusedError` where
        the file is refused.
    """
    kind = rng.choice([*KINDS, "recording", "recording"])  # there are ten containers
    names, use = KINDS[kind]
    name = rng.choice(names)
    content = HEADER.encode() if name == "db.yaml" else (world.folder / name).read_bytes()
    path = Path(Path(name).name).absolute()
    path.write_bytes(damaged(content, rng))
    return kind, lambda: use(world, path)
