"""Size of a features file and speed of reading it, compared with one numpy file for each array."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from mdat_data import Utterance, open_features
from mdat_data.cache import MODALITIES, Features, FeaturesWriter, Modality, Provenance, Recording

SPEECH_DIM, TEXT_DIM = 1024, 768
EPOCHS, BLOCK = 4, 50
EMOTIONS = ("angry", "happy", "neutral", "sad")
Reader = Callable[[int], object]
HOW = {"encoder": "random", "revision": "1", "layers": ("last",), "precision": "float32"}


def iemocap_steps(number: int) -> np.ndarray:
    """Draw numbers of steps as in IEMOCAP: mean 227, maximum 1,706."""
    deviation = 0.6
    drawn = np.random.default_rng(0).lognormal(np.log(227) - deviation**2 / 2, deviation, number)
    steps = np.clip(drawn * 227 / drawn.mean(), 30, 1706).astype(int)
    steps[0] = 1706
    return steps


def write(path: Path, steps: Sequence[int]) -> list[dict[str, np.ndarray]]:
    """Write a features file of random values.

    Args:
        path: The file.
        steps: Number of speech frames of each utterance. A text has 18 tokens on average.

    Returns:
        For each utterance its features by modality, in float16.
    """
    recordings = [recording(number, length) for number, length in enumerate(steps)]
    writer = FeaturesWriter.open(
        path,
        root=Path("/corpus"),
        recordings=recordings,
        provenance=Provenance(
            corpus="random",
            language="de",
            created="",
            versions={},
            speech=Modality(**HOW, dim=SPEECH_DIM, crop=30.0),
            text=Modality(**HOW, dim=TEXT_DIM, crop=None),
        ),
        plan=[range(len(steps))[start : start + BLOCK] for start in range(0, len(steps), BLOCK)],
    )
    rng = np.random.default_rng(1)
    made = []
    for batch in writer.pending():
        features = [drawn(rng, steps[i], recordings[i]) for i in writer.plan[batch]]
        writer.write(batch, features)
        made += [{"speech": f.speech["last"], "text": f.text["last"]} for f in features]
    writer.assemble()
    return made


def recording(number: int, steps: int) -> Recording:
    """A recording, with a transcript of a few words."""
    utterance = Utterance(
        id=f"utterance_{number:05}",
        audio=Path(f"/corpus/wav/utterance_{number:05}.wav"),
        transcript=" ".join(["Abend"] * (3 + number % 11)),
        emotion=EMOTIONS[number % len(EMOTIONS)],
        speaker="1",
        group="1",
        language="de",
    )
    return Recording(utterance=utterance, duration=steps / 50, sha256=f"{number:064x}")


def drawn(rng: np.random.Generator, steps: int, of: Recording) -> Features:
    """Random features, with two tokens for each word."""
    pieces = [piece for word in of.utterance.transcript.split() for piece in (f"▁{word}", "n")]
    tokens = ("<s>", *pieces, "</s>")
    return Features(
        speech={"last": rng.standard_normal((steps, SPEECH_DIM), np.float32).astype("float16")},
        text={"last": rng.standard_normal((len(tokens), TEXT_DIM), np.float32).astype("float16")},
        tokens=tokens,
    )


def measure(folder: Path, steps: Sequence[int]) -> tuple[float, float]:
    """Measure size over payload, and speed of shuffled epochs relative to `numpy.load`."""
    path = folder / "random.h5"
    made = write(path, steps)
    for number, arrays in enumerate(made):
        [np.save(folder / f"{number}-{name}.npy", rows) for name, rows in arrays.items()]
    size = path.stat().st_size / sum(rows.nbytes for arrays in made for rows in arrays.values())
    with open_features(path) as features:
        speed = ratio(
            lambda row: [features.read(name, "last", row) for name in MODALITIES],
            lambda row: [np.load(folder / f"{row}-{name}.npy") for name in MODALITIES],
            len(made),
        )
    return size, speed


def ratio(ours: Reader, theirs: Reader, rows: int) -> float:
    """Speed of one reader relative to another in shuffled epochs; they take turns in blocks."""
    rng = np.random.default_rng(2)
    seconds = {ours: 0.0, theirs: 0.0}
    for _ in range(EPOCHS):
        order = rng.permutation(rows)
        for start in range(0, rows, BLOCK):
            for read in seconds:
                begin = time.perf_counter()
                for row in order[start : start + BLOCK]:
                    read(int(row))
                seconds[read] += time.perf_counter() - begin
    return seconds[theirs] / seconds[ours]
