"""What an emotion was heard from and read from, in one segment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mdat_predict.explain import occlusion
from mdat_predict.explain.masking import Masking, effective, rate_of
from mdat_predict.model import Model
from mdat_predict.saved.saved_model import SavedModel
from mdat_predict.saved.scales import Streams


@dataclass(frozen=True, kw_only=True)
class Attention:
    """What a model attends to. It is no explanation: removing it changes the answer little.

    Attributes:
        name: Of the output, and of the run where there are several.
        rate: Steps of speech per second.
        speech: Share of each step of speech, (steps,) float32; empty where it hears none.
        text: Share of each token, (tokens,) float32; empty where it reads none.
    """

    name: str
    rate: float
    speech: np.ndarray
    text: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """How far the probability of an emotion falls when parts of a segment are masked.

    Attributes:
        emotion: The emotion that is explained.
        probability: Its calibrated probability for the whole segment.
        rate: Steps of speech per second.
        speech: Fall for each step of speech, see `occlusion.of_speech`; empty without speech.
        tokens: The tokens of the text; none where nothing is known to be said.
        text: Fall for each token, see `occlusion.of_text`; empty likewise.
        attention: Of the members that have some.
    """

    emotion: str
    probability: float
    rate: float
    speech: np.ndarray
    tokens: tuple[str, ...]
    text: np.ndarray
    attention: tuple[Attention, ...] = ()


def explain(
    model: Model, waveform: np.ndarray, transcript: str = "", *, emotion: str | None = None
) -> Explanation:
    """Explain what is predicted for a segment.

    Args:
        model: The model.
        waveform: (samples,) float32 at 16 kHz.
        transcript: What is said; empty where that is not known.
        emotion: The class to explain; None for the predicted one.

    Returns:
        The explanation.

    Raises:
        InputError: An encoder cannot be found, or the members divide texts in different ways.

    Example:
        ```python
        found = explain(mdat_predict.load("runs/urdu"), waveform)
        found.speech.argmax() / found.rate  # seconds to what matters most
        ```
    """
    features = model.features([waveform], [transcript])
    return explain_features(model, features, transcript, emotion=emotion)


def explain_features(
    model: Model, features: Sequence[Streams], transcript: str, *, emotion: str | None = None
) -> Explanation:
    """Explain what is predicted for a segment that is encoded.

    Args:
        model: The model.
        features: Of the segment, for each member of the model.
        transcript: As for `explain`.
        emotion: As for `explain`.

    Returns:
        The explanation.

    Raises:
        InputError: The members divide texts in different ways.
    """
    masking = Masking(model, features)
    whole = {
        name: np.ones((1, steps), bool)
        for name, steps in (("speech", masking.steps), ("text", masking.tokens))
        if steps
    }
    [probabilities] = masking.probabilities(**whole)
    number = int(probabilities.argmax()) if emotion is None else model.classes.index(emotion)
    readers = [member for member in model.members if "text" in effective(member.description)]
    reads = readers and transcript.strip()
    return Explanation(
        emotion=model.classes[number],
        probability=float(probabilities[number]),
        rate=masking.rate,
        speech=occlusion.of_speech(masking, number),
        tokens=readers[0].tokens(transcript) if reads else (),
        text=occlusion.of_text(masking, number) if reads else np.empty(0),
        attention=tuple(
            found
            for member, streams in zip(model.members, features, strict=True)
            for found in _attention(member, streams, several=len(model.members) > 1)
        ),
    )


def _attention(member: SavedModel, streams: Streams, *, several: bool) -> Iterator[Attention]:
    of = member.description
    steps = len(streams["speech"][0]) if "speech" in streams else 0
    for name, shares in member.attention(streams).items():
        words = name.replace("_", " ")
        yield Attention(
            name=f"{words} of {of.folder.name}" if several else words,
            rate=rate_of(of),
            speech=shares[: steps if "speech" in effective(of) else 0],
            text=shares[steps:] if "text" in effective(of) else shares[:0],
        )
