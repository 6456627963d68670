"""A saved model, or several, for use on recordings."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Unpack

import numpy as np

from mdat_data import InputError
from mdat_data.errors import listed
from mdat_predict.config import FIXED, PredictConfig, PredictOptions
from mdat_predict.hub import located
from mdat_predict.inputs.recognition import Recognition
from mdat_predict.inputs.sources import Source, sources
from mdat_predict.inputs.transcripts import with_transcripts
from mdat_predict.prediction import Prediction, Predictions, Segment
from mdat_predict.saved.saved_model import SavedModel
from mdat_predict.saved.scales import Streams
from mdat_predict.stages import (
    End,
    Failure,
    Found,
    Job,
    Outcome,
    gathered,
    items,
    planned,
    spoken,
    waveforms,
    words,
)


def load(
    run: str | Path,
    *others: str | Path,
    device: str = "auto",
    speech_encoder: str | None = None,
    text_encoder: str | None = None,
) -> "Model":
    """Load the model of a run.

    Args:
        run: The folder of the run, or its address on the Hugging Face Hub: `hf://user/name`, or
            `hf://user/name@revision`.
        others: Runs whose probabilities are averaged with those of the first.
        device: Of the encoders: `auto`, or a device that torch knows.
        speech_encoder: Folder of the speech encoder, where it is not found by its id.
        text_encoder: Folder of the text encoder, likewise.

    Returns:
        The model. Its encoders are loaded when they are first used.

    Raises:
        InputError: A folder has no model or a damaged one, the classes differ, or the Hub cannot be
            reached.

    Example:
        ```python
        model = mdat_predict.load("runs/urdu")
        model.predict(["interview.wav"]).to_pandas()
        ```
    """
    given = {"speech": speech_encoder, "text": text_encoder}
    encoders = {name: folder for name, folder in given.items() if folder}
    members = [
        SavedModel(located(each), device=device, encoders=encoders) for each in (run, *others)
    ]
    return Model(members, device=device)


class Model:
    """One saved model, or several whose probabilities are averaged.

    Args:
        members: The saved models.
        device: Of a recogniser.

    Attributes:
        classes: The emotions, in the order of the probabilities.
        members: The saved models.
        recognition: Gives the recogniser of an id or a folder, the same one the next time.

    Raises:
        InputError: They have different classes.
    """

    def __init__(self, members: Sequence[SavedModel], *, device: str = "auto") -> None:
        self.members = tuple(members)
        self.classes = self.members[0].description.classes
        # Loading a recogniser takes longer than what it is used for in a short recording.
        self.recognition = lru_cache(maxsize=1)(partial(Recognition, device=device))
        for of in (member.description for member in self.members):
            if set(of.classes) != set(self.classes):
                raise InputError(
                    "expected runs of the same classes, whose probabilities can be averaged; got "
                    f"{', '.join(self.classes)} in {self.members[0].description.folder} and "
                    f"{', '.join(of.classes)} in {of.folder}. Leave one out, or train it with the "
                    "--classes of the other."
                )

    @property
    def crop(self) -> float | None:
        """Seconds of speech that all members take at most; None where there is no limit."""
        streams = [member.description.streams.get("speech") for member in self.members]
        return min((of.crop for of in streams if of and of.crop is not None), default=None)

    @property
    def reads_text(self) -> bool:
        """Whether words have an effect on what a member predicts."""
        described = [member.description for member in self.members]
        return any("text" in of.streams and "text" not in of.ignored for of in described)

    def predict(
        self, recordings: str | Path | Sequence[str | Path], **options: Unpack[PredictOptions]
    ) -> Predictions:
        """Predict recordings.

        Args:
            recordings: Files, folders, manifests, or `-` for standard input.
            options: Fields of `PredictConfig`, described there with their defaults.

        Returns:
            The predictions. Recordings that cannot be used are in `failures`, and a warning counts
            them.

        Raises:
            InputError: A path or an option is wrong, or an encoder cannot be found.
        """
        config = PredictConfig(**options)
        given = [recordings] if isinstance(recordings, str | Path) else recordings
        with sources(given) as found:
            outcomes = list(self.outcomes(self.prepared(found, config), config))
        failures = {each.recording: each.reason for each in outcomes if isinstance(each, Failure)}
        if failures:
            warnings.warn(
                f"{len(failures)} recordings could not be used: {listed(failures)}", stacklevel=2
            )
        return Predictions(tuple(o for o in outcomes if isinstance(o, Prediction)), failures)

    def prepared(self, found: Sequence[Source], config: PredictConfig) -> list[Source]:
        """Give recordings the transcripts of the table, if there is one."""
        path = config.transcripts
        return with_transcripts(found, Path(path)) if path is not None else list(found)

    def outcomes(self, found: Sequence[Source], config: PredictConfig) -> Iterator[Outcome]:
        """Predict recordings, and give each segment as soon as it is predicted.

        Args:
            found: The recordings, which are read in this order.
            config: The choices.

        Yields:
            For each recording its segments in order, and then the recording with all of them; or
            its failure, before which segments of it may have been given.

        Raises:
            InputError: The windows are longer than the encoder takes, or a model that reads words
                alone gets none.
        """
        self._check(found, config)
        recognition = self.recognition(config.asr) if config.asr else None
        self.forget_scales(rescale=config.rescale)
        if config.rescale:
            self._note_scales(found, config, recognition)
        segments: list[Segment] = []
        for batch in gathered(items(found, config, self.crop), seconds=config.batch_seconds):
            jobs = [item for item in batch if isinstance(item, Job)]
            predicted = iter(self._predicted(jobs, config, recognition))
            for item in batch:
                if isinstance(item, Job):
                    one = next(predicted)
                    segments.append(one.segment)
                    yield one
                    continue
                whole, segments = tuple(segments), []
                if isinstance(item, End):
                    yield Prediction(item.source.name, item.duration, self.classes, whole)
                else:
                    yield item

    def _check(self, found: Sequence[Source], config: PredictConfig) -> None:
        if config.segments == FIXED and self.crop and config.window > self.crop:
            raise InputError(
                f"expected --window to be at most {self.crop:g}, what the model learned from; got "
                f"{config.window:g}. Choose a shorter one."
            )
        unknown = sum(spoken(source, config) is None for source in found)
        of_words = any({*member.description.streams} == {"text"} for member in self.members)
        if of_words and unknown and not config.asr:
            raise InputError(
                f"the model reads words alone, but {unknown} of {len(found)} recordings have no "
                "transcript for their segments. Give --transcripts FILE.tsv, or --asr MODEL."
            )

    def _predicted(
        self, jobs: Sequence[Job], config: PredictConfig, recognition: Recognition | None
    ) -> list[Found]:
        """Predict segments, those of similar length together."""
        said = words(jobs, recognition, config.language)
        found: dict[int, Found] = {}
        for rows, features in self._encoded(jobs, said, config):
            probabilities = self._of_features(features).tolist()
            for place, row in enumerate(rows):
                of_one = [{name: [s[name][place]] for name in s} for s in features]
                found[row] = jobs[row].found(probabilities[place], said[row], of_one)
        return [found[row] for row in range(len(jobs))]

    def _encoded(
        self, jobs: Sequence[Job], said: Sequence[str], config: PredictConfig
    ) -> Iterator[tuple[Sequence[int], list[Streams]]]:
        """Encode segments, those of similar length together: their places and features."""
        for rows in planned(jobs, seconds=config.batch_seconds):
            heard = waveforms([jobs[row] for row in rows])
            yield rows, self.features(heard, [said[row] for row in rows])

    def features(self, heard: Sequence[np.ndarray], said: Sequence[str]) -> list[Streams]:
        """Encode utterances.

        Args:
            heard: Waveforms of N utterances, (samples,) float32 at 16 kHz each.
            said: What is said in each.

        Returns:
            For each member the features of every stream that it reads: N arrays (T, D) float32.
        """
        return [member.features(heard, said) for member in self.members]

    def probabilities(self, heard: Sequence[np.ndarray], said: Sequence[str]) -> np.ndarray:
        """Predict utterances.

        Args:
            heard: (samples,) float32 at 16 kHz of each of N utterances.
            said: The transcript of each.

        Returns:
            Mean of the calibrated probabilities of the members, (N, C) float64.
        """
        return self._of_features(self.features(heard, said))

    def _of_features(self, features: Sequence[Streams]) -> np.ndarray:
        pairs = zip(self.members, features, strict=True)
        return self.averaged(member.probabilities(streams) for member, streams in pairs)

    def averaged(self, found: Iterable[np.ndarray]) -> np.ndarray:
        """Average probabilities of the members, each (N, C) in the order of its own classes."""
        in_order = [
            of[:, [member.description.classes.index(name) for name in self.classes]]
            for member, of in zip(self.members, found, strict=True)
        ]
        return np.asarray(np.mean(in_order, axis=0))

    def forget_scales(self, *, rescale: bool) -> None:
        """Begin with other recordings, see `SavedModel.forget_scales`."""
        for member in self.members:
            member.forget_scales(rescale=rescale)

    def _note_scales(
        self, found: Sequence[Source], config: PredictConfig, recognition: Recognition | None
    ) -> None:
        """Encode everything once, for `rescale`."""
        for batch in gathered(items(found, config, self.crop), seconds=config.batch_seconds):
            jobs = [item for item in batch if isinstance(item, Job)]
            said = words(jobs, recognition, config.language)
            for _, features in self._encoded(jobs, said, config):
                for member, streams in zip(self.members, features, strict=True):
                    member.note(streams)
