"""The commands that `kills.py` kills, what they work on, and what of their output is compared."""

import json
import os
import shutil
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

from mdat_data import InputError
from mdat_data.process.output import MARK

EXTRACT = ("--speech-encoder=logmel", "--text-encoder=char-ngram", "--batch-seconds=1")
TRAIN = ("--folds=2", "--seeds=1")
NETWORK = ("--epochs=1", "--batch-size=16", "--set=projection=8", "--set=head_units=8")
TABLES = ("--models=svm,linear", "--only=II,IV", "--protocol=strict", "--shot-draws=1", "--jobs=2")

Content = dict[str, Any]
"""Name -> what must be equal in two outputs."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command that is killed.

    Attributes:
        module: The module of its `main`.
        arguments: Its arguments, without `--out`.
        out: What it writes, in a folder of its own that has the name of the command.
        read: Reads what is to compare of an output that is there.
        last: Name of the first file of the last write, if that is not all of `out`.
        repeats: It accepts its own finished output.
        like: The output that its own must be equal to. By default that of an undisturbed run.
    """

    module: str
    arguments: Sequence[str]
    out: Path
    read: Callable[[Path], Content]
    last: str = ""
    repeats: bool = True
    like: Path | None = None

    @property
    def words(self) -> str:
        return self.out.parent.name

    def __call__(self) -> None:
        """Run it in this process; it ends with `SystemExit`."""
        import_module(self.module).main([*self.arguments, f"--out={self.out}"])

    def content(self) -> Content:
        """What is there of its output, or how that is damaged."""
        try:
            return self.read(self.out) if self.out.exists() else {}
        except InputError as error:
            return {"damage": str(error)}

    def last_write(self) -> set[tuple[str, int]]:
        """Names and times of what there is of the last write."""
        first, found = self.out / self.last, set()
        with suppress(FileNotFoundError):
            for entry in os.scandir(first.parent):
                if entry.name == first.name or entry.name.endswith(MARK):
                    found.add((entry.name, entry.stat().st_mtime_ns))
        return found

    def log(self, name: str) -> Path:
        """A file beside the folder of the output, for what a run tells."""
        return self.out.parent.with_name(f"{self.words}.{name}")

    def clear(self) -> None:
        shutil.rmtree(self.out.parent, ignore_errors=True)
        self.out.parent.mkdir()


def extraction(folder: Path, root: Path | None) -> Iterator[Command]:
    """Commands over some recordings of EMO-DB; without a root, over short noisy tones."""
    root = root or write_recordings(folder / "emodb", seed=0)
    corpus = ("--corpus=emodb", f"--root={root}", *EXTRACT, "--limit=24")
    whole = Command(
        module="mdat_extract.cli.extract",
        arguments=corpus,
        out=folder / "mdat-extract" / "emodb.h5",
        read=read_features,
    )
    shards = [
        replace(
            whole,
            arguments=(*corpus, f"--shard={n}/2"),
            out=folder / f"mdat-extract --shard {n}" / "emodb.h5",
        )
        for n in (1, 2)
    ]
    yield from (whole, *shards)
    yield replace(
        whole,
        module="mdat_extract.cli.features",
        arguments=("merge", *(str(shard.out) for shard in shards)),
        out=folder / "mdat-features merge" / "emodb.h5",
        like=whole.out,
    )
    no_texts = f"--corpus={write_manifest(folder / 'emodb.csv', root)}"
    asr = f"--asr={save_recogniser(folder / 'ctc')}"
    out = folder / "mdat-extract --asr" / "emodb.h5"
    yield replace(whole, arguments=(no_texts, asr, *EXTRACT, "--limit=24"), out=out)


def training(folder: Path, root: Path | None) -> Iterator[Command]:
    """Training of three models on short noisy tones."""
    source = f"--source={write_features(folder / 'emodb.h5', seed=0)}"
    for model in ("svm", "linear", "mdat"):
        yield Command(
            module="mdat_train.cli.train",
            arguments=(source, f"--model={model}", *TRAIN, *(NETWORK if model == "mdat" else ())),
            out=folder / f"mdat-train --model {model}" / "run",
            read=read_run,
            repeats=False,
        )


def tables(folder: Path, root: Path | None) -> Iterator[Command]:
    """Two tables of two models on short noisy tones."""
    caches = folder / "caches"
    for seed, name in enumerate(("emodb", "urdu")):
        write_features(caches / f"{name}.h5", seed=seed)
    yield Command(
        module="mdat_train.cli.tables",
        arguments=(f"--caches={caches}", *TRAIN, *TABLES),
        out=folder / "mdat-tables --jobs 2" / "report",
        read=read_report,
        last="tables.md",
    )


FAMILIES = {"extract": (extraction, 5), "train": (training, 3), "tables": (tables, 1)}
"""Option -> the function that makes its commands one after the other, and their number."""


def read_features(out: Path) -> Content:
    """The digests of a features file, and the transcripts that were recognised for it."""
    import mdat_data

    with mdat_data.open_features(out) as file:
        digests = dict(zip(file.ids, file.digests, strict=True)) | {"file": file.digest}
    return digests | {path.name: path.read_bytes() for path in out.parent.glob("*.tsv")}


def read_run(out: Path) -> Content:
    """Scores and predictions of a run that proves itself whole, and the names of its files."""
    import mdat_train

    mdat_train.read_run(out)
    compared = {name: (out / name).read_bytes() for name in ("scores.json", "predictions.csv")}
    return compared | {"files": sorted(path.name for path in out.iterdir())}


def read_report(out: Path) -> Content:
    """The files of a report, and its kept runs."""
    files = {p.name: p.read_bytes() for p in out.glob("[!.]*.*") if p.suffix != ".lock"}
    return files | {f"runs/{path.name}": read_run(path) for path in out.glob("runs/[!.]*")}


def write_recordings(root: Path, seed: int) -> Path:
    """Write tones of 0.2 to 0.4 s under names of EMO-DB; the emotion shows in the pitch."""
    import numpy as np  # when the environment is set

    rng = np.random.default_rng(seed)
    (root / "wav").mkdir(parents=True)
    for speaker, sentence, emotion in product(("03", "08", "09", "10"), ("a01", "b02"), "WLFNT"):
        steps = np.arange(rng.integers(3_200, 6_400))
        tone = 8000 * np.sin(steps * (0.05 + "WLFNT".index(emotion) / 50))
        samples = tone + rng.normal(scale=800, size=len(steps))
        with wave.open(f"{root}/wav/{speaker}{sentence}{emotion}a.wav", "wb") as file:
            file.setparams((1, 2, 16_000, 0, "NONE", ""))
            file.writeframes(samples.astype("<i2").tobytes())
    return root


def write_manifest(path: Path, root: Path) -> Path:
    """List recordings of EMO-DB, without transcripts."""
    rows = [f"{p.stem},{p},{p.stem[:2]},de" for p in sorted(root.absolute().glob("wav/*.wav"))]
    path.write_text("\n".join(["id,audio,speaker,language", *rows, ""]), encoding="utf-8")
    return path


def write_features(path: Path, seed: int) -> Path:
    import mdat_extract

    root = write_recordings(path.with_suffix(""), seed)
    how = {"speech_encoder": "logmel", "text_encoder": "char-ngram"}
    return mdat_extract.extract("emodb", root=root, out=path, **how).out


def save_recogniser(folder: Path) -> Path:
    """Save a tiny CTC model with random weights."""
    import torch
    import transformers as tf

    letters = ("<pad>", "<s>", "</s>", "<unk>", "|", *"adestu")
    folder.mkdir()
    (folder / "vocab.json").write_text(json.dumps({name: n for n, name in enumerate(letters)}))
    tf.Wav2Vec2CTCTokenizer(str(folder / "vocab.json")).save_pretrained(folder)
    tf.Wav2Vec2FeatureExtractor().save_pretrained(folder)
    sizes = {"hidden_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2}
    sizes |= {"intermediate_size": 32, "conv_dim": (16,) * 7, "num_conv_pos_embedding_groups": 2}
    large = {"initializer_range": 1.0}  # with smaller weights it writes nothing
    torch.manual_seed(1)
    config = tf.Wav2Vec2Config(**sizes, **large, vocab_size=len(letters), pad_token_id=0)
    tf.Wav2Vec2ForCTC(config).save_pretrained(folder)
    return folder
