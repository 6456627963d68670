"""Trainings that several runs ask for: each is done once, and kept in a folder for the others."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from mdat_data.cache import MODALITIES
from mdat_data.process.output import whole_file
from mdat_train.classifiers.classifier import Classifier, EpochCallback, Fitted
from mdat_train.inputs.selection import Selection

Learned = tuple[Fitted, Sequence[np.ndarray]]
"""What a training gave, and the arrays of it that are kept."""


@dataclass(frozen=True)
class KeptTrainings:
    """Trainings from new weights, by a checksum of all that they depend on.

    The model of a source is the same for every target, and what is trained on a support set alone
    for every source. Two processes that train the same at the same time write the same file.

    Args:
        folder: Holds a file for each training. It may be removed at any time.
        libraries: Their versions, on which the numbers depend.
    """

    folder: Path
    libraries: Mapping[str, str]

    def fit(
        self,
        classifier: Classifier,
        train: Selection,
        validation: Selection | None,
        *,
        seed: int,
        callback: EpochCallback,
    ) -> Fitted:
        """Train, or read the weights that the same training gave; see `Classifier.fit`."""

        def learned() -> Learned:
            fitted = classifier.fit(train, validation, seed=seed, callback=callback)
            return fitted, fitted.state

        key = self._key(classifier, seed, train, validation)
        fitted, weights = self._once(key, learned)
        return Fitted(state=list(weights), history=fitted.history)

    def fit_and_predict(
        self,
        classifier: Classifier,
        train: Selection,
        test: Selection,
        *,
        seed: int,
        callback: EpochCallback,
    ) -> Fitted:
        """Train and test, or read what the same training gave.

        Returns:
            The history and, in place of weights, the class probabilities of the test set, (N, C).
        """

        def tested() -> Learned:
            fitted = classifier.fit(train, None, seed=seed, callback=callback)
            return fitted, [classifier.predict(fitted, test)]

        key = self._key(classifier, seed, train, None, test)
        fitted, (probabilities,) = self._once(key, tested)
        return Fitted(state=probabilities, history=fitted.history)

    def _once(self, key: str, make: Callable[[], Learned]) -> Learned:
        """What was kept under a key, or what is made now, and kept."""
        path = self.folder / f"{key}.npz"
        if (kept := _read(path)) is not None:
            return kept
        fitted, arrays = make()
        self.folder.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            np.savez(file, *arrays, history=np.array(json.dumps(fitted.history)))
        return fitted, arrays

    def _key(self, classifier: Classifier, seed: int, *data: Selection | None) -> str:
        """A checksum of all that a training depends on, its features among it."""
        depends_on = sorted(self.libraries.items()), classifier.recipe, seed
        key = hashlib.sha256(repr(depends_on).encode())
        for selection in data:
            key.update(repr(selection and _facts(selection)).encode())
            for rows in (*selection.speech, *selection.text) if selection else ():
                array = np.ascontiguousarray(rows)
                key.update(repr((array.shape, array.dtype.str)).encode())
                key.update(array.data)
        return key.hexdigest()[:24]


def _facts(selection: Selection) -> dict[str, object]:
    """What a selection holds besides features, without the names of utterances and speakers."""
    apart = ("utterances", *MODALITIES, "left_out")
    others = (field.name for field in fields(selection) if field.name not in apart)
    facts = {name: getattr(selection, name) for name in others}
    return facts | {"labels": selection.labels.tolist()}


def _read(path: Path) -> Learned | None:
    """What a file holds; None where there is none, or a damaged one, which is written again."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            history = json.loads(str(kept["history"]))
            arrays = [kept[f"arr_{number}"] for number in range(len(kept.files) - 1)]
    except (OSError, ValueError, LookupError, EOFError, BadZipFile):
        return None
    return Fitted(state=None, history=tuple(history)), arrays
