"""An utterance of which parts are masked, for one model or several that are averaged."""

from collections.abc import Mapping, Sequence

import numpy as np

from mdat_data import InputError
from mdat_predict.model import Model
from mdat_predict.saved.description import Description
from mdat_predict.saved.scales import Streams


class Masking:
    """Predicts an utterance without some of its steps.

    Steps of speech are those of the member with the fewest steps; another member loses those of its
    own steps that lie within them.

    Args:
        model: The model.
        features: Of the utterance, for each member of the model.

    Attributes:
        rate: Steps of speech per second; 0 where no member hears speech.
        steps: Number of steps of speech; 0 likewise.
        member: Number of the member that has these steps.
        tokens: Number of steps of text; 0 where no member reads text.

    Raises:
        InputError: The members divide texts in different ways.
    """

    def __init__(self, model: Model, features: Sequence[Streams]) -> None:
        refuse_different_texts(model)
        self._model, self._features = model, features
        self._rates = [rate_of(member.description) for member in model.members]
        lengths = [
            {name: len(streams[name][0]) for name in effective(member.description)}
            for member, streams in zip(model.members, features, strict=True)
        ]
        self.steps, self.rate, self.member = min(
            (
                (of["speech"], rate, number)
                for number, (rate, of) in enumerate(zip(self._rates, lengths, strict=True))
                if rate
            ),
            default=(0, 0.0, 0),
        )
        self.tokens = max(of.get("text", 0) for of in lengths)

    def probabilities(
        self, *, speech: np.ndarray | None = None, text: np.ndarray | None = None
    ) -> np.ndarray:
        """Predict the utterance with different steps masked.

        Args:
            speech: The steps of speech that are left in each of N cases, (N, steps) bool; None
                leaves all.
            text: The steps of text that are left, (N, tokens) bool; None leaves all.

        Returns:
            Mean of the calibrated probabilities of the members, (N, C) float64.

        Raises:
            InputError: A case masks all speech or all text.
        """
        left = {name: of for name, of in (("speech", speech), ("text", text)) if of is not None}
        cases = len(next(iter(left.values())))
        return self._model.averaged(
            member.masked(streams, self._own(member.description, streams, left, rate, cases))
            for member, streams, rate in zip(
                self._model.members, self._features, self._rates, strict=True
            )
        )

    def _own(
        self,
        description: Description,
        streams: Streams,
        left: Mapping[str, np.ndarray],
        rate: float,
        cases: int,
    ) -> dict[str, np.ndarray]:
        """Which of its own steps a member keeps."""
        kept = {name: np.ones((cases, len(rows[0])), bool) for name, rows in streams.items()}
        for name in kept.keys() & left.keys() & set(effective(description)):
            kept[name] = left[name]
            if name == "speech":
                middles = np.arange(len(streams[name][0])) + 0.5
                places = (middles * self.rate / rate).astype(int)
                kept[name] = left[name][:, np.minimum(places, self.steps - 1)]
        return kept


def rate_of(description: Description) -> float:
    """Steps of speech per second that a model reads; 0 where it hears none.

    Raises:
        InputError: `model.json` does not say it.
    """
    if "speech" not in effective(description):
        return 0.0
    stored = description.streams["speech"].frames_per_second
    if stored is None:
        raise InputError(
            f"expected frames_per_second of the speech in {description.folder / 'model.json'}, "
            "without which no second can be masked; got none. Encode the recordings and train "
            "again."
        )
    return stored / description.frame_stride


def refuse_different_texts(model: Model) -> None:
    """Refuse members whose tokens differ: masking one would mask something else in the other."""
    made = {
        (of.encoder, of.revision, of.prefix, of.crop)
        for description in (member.description for member in model.members)
        if "text" in effective(description)
        for of in [description.streams["text"]]
    }
    if len(made) > 1:
        raise InputError(
            "expected runs that read the same tokens, so that each can be masked in all; got the "
            f"text encoders {', '.join(sorted(encoder for encoder, *_ in made))}. Explain one run "
            "at a time, without --with."
        )


def effective(description: Description) -> list[str]:
    """The streams that have an effect on what a model predicts."""
    return [name for name in description.streams if name not in description.ignored]
