"""What is predicted for a recording: the records that all formats write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

from mdat_data.data_frame import data_frame

if TYPE_CHECKING:
    import pandas

UNCERTAIN = "uncertain"
"""The answer where no emotion is probable enough."""


@dataclass(frozen=True)
class Segment:
    """A part of a recording with the probabilities of its emotions.

    Attributes:
        start: Its beginning, in seconds from the beginning of the recording.
        end: Its end, likewise.
        probabilities: Of the classes of the prediction, in their order; they sum to 1.
        transcript: What is said; empty where it is not known.
    """

    start: float
    end: float
    probabilities: tuple[float, ...]
    transcript: str = ""

    @property
    def duration(self) -> float:
        """Seconds from its beginning to its end."""
        return self.end - self.start

    def emotion(self, classes: Sequence[str], *, reject: float = 0.0) -> str:
        """Name the most probable class.

        Args:
            classes: The classes of the prediction.
            reject: Lowest probability of an answer.

        Returns:
            The class, the first one of equals; `uncertain` if its probability is below `reject`.

        Example:
            >>> Segment(0.0, 1.0, (0.4, 0.6)).emotion(("angry", "sad"))
            'sad'
            >>> Segment(0.0, 1.0, (0.4, 0.6)).emotion(("angry", "sad"), reject=0.7)
            'uncertain'
        """
        highest = max(self.probabilities)
        return UNCERTAIN if highest < reject else classes[self.probabilities.index(highest)]


@dataclass(frozen=True)
class Prediction:
    """The segments of a recording.

    Attributes:
        recording: Name of the recording, as the user gave it.
        duration: Its duration in seconds.
        classes: The emotions, in the order of the probabilities.
        segments: In order of their beginning; none where no speech was found.
    """

    recording: str
    duration: float
    classes: tuple[str, ...]
    segments: tuple[Segment, ...]

    def summary(self) -> Segment | None:
        """Summarise the recording.

        Returns:
            One segment from the beginning to the end, with the mean of all probabilities, weighted
            by the duration of their segments, and all transcripts. None where no segment is.

        Example:
            >>> parts = Segment(0.0, 3.0, (1.0, 0.0)), Segment(3.0, 4.0, (0.0, 1.0))
            >>> Prediction("a.wav", 4.0, ("angry", "sad"), parts).summary().probabilities
            (0.75, 0.25)
        """
        if not self.segments:
            return None
        total = sum(segment.duration for segment in self.segments)
        means = (
            sum(segment.duration * segment.probabilities[number] for segment in self.segments)
            / total
            for number in range(len(self.classes))
        )
        said = " ".join(segment.transcript for segment in self.segments if segment.transcript)
        return Segment(0.0, self.duration, tuple(means), said)


@dataclass(frozen=True)
class Predictions(Sequence[Prediction]):
    """The predictions of several recordings.

    Attributes:
        recordings: In the order in which they were given.
        failures: Name of a recording that could not be used -> reason.
    """

    recordings: tuple[Prediction, ...]
    failures: Mapping[str, str] = field(default_factory=dict)

    @overload
    def __getitem__(self, place: int) -> Prediction: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Prediction, ...]: ...
    def __getitem__(self, place: int | slice) -> Prediction | tuple[Prediction, ...]:
        return self.recordings[place]

    def __len__(self) -> int:
        return len(self.recordings)

    def to_pandas(self, *, reject: float = 0.0) -> "pandas.DataFrame":
        """Return a table of all segments; pandas must be installed.

        Args:
            reject: Lowest probability of an answer, see `Segment.emotion`.

        Returns:
            One row for each segment: recording, start and end (seconds), emotion, a column for the
            probability of each class, and transcript.

        Raises:
            InputError: pandas is not installed.
        """
        classes = self.recordings[0].classes if self.recordings else ()
        rows = [
            (of.recording, s.start, s.end, s.emotion(classes, reject=reject))
            + (*s.probabilities, s.transcript)
            for of in self.recordings
            for s in of.segments
        ]
        return data_frame(rows, ["recording", "start", "end", "emotion", *classes, "transcript"])
