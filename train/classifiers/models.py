"""The models, one record each: options, tables, labels and legends read this list.

A new model is its file in `mdat_keras/models/` and its record here.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Model:
    """What the package knows about a model before it is built.

    Attributes:
        name: Of `--model`.
        label: In tables, legends and summaries.
        about: What it is, for the help text.
        configuration: Its Keras configuration, as `module:class`; None for an estimator that cannot
            be saved as a Keras model.
        learning_rate: The highest learning rate of a network, chosen by the same folds inside the
            training speakers (benchmarks/choices.py, benchmarks/causes.py); None for a model
            without epochs.
        wide_learning_rate: That of the presets `wide` and `paper`, where there are presets.
        with_linear: The presets that have a linear classifier beside the network.
        in_k_shot_tables: It has a column in Table V.
    """

    name: str
    label: str
    about: str
    configuration: str | None
    learning_rate: float | None
    wide_learning_rate: float | None = None
    with_linear: tuple[str, ...] = ()
    in_k_shot_tables: bool = False

    @property
    def has_epochs(self) -> bool:
        """It is trained in epochs; the others are fitted at once."""
        return self.learning_rate is not None

    @property
    def can_be_saved(self) -> bool:
        """A run leaves `model.keras`."""
        return self.configuration is not None

    def rate_of(self, preset: str) -> float | None:
        """The highest learning rate of a preset."""
        return (self.wide_learning_rate if preset != "base" else None) or self.learning_rate

    def configuration_class(self) -> Any:
        """Import the class of its Keras configuration."""
        module, _, name = str(self.configuration).partition(":")
        return getattr(import_module(module), name)


_RECORDS = (
    Model(
        name="bilstm",
        label="BiLSTM",
        about="the paper's baseline",
        configuration="mdat_keras.models.bilstm:BiLSTMConfig",
        learning_rate=3e-3,
        in_k_shot_tables=True,
    ),
    Model(
        name="safrlm",
        label="SAFRLM-style, reconstructed from its abstract",
        about="SAFRLM-style, reconstructed from its abstract",
        configuration="mdat_keras.models.safrlm:SAFRLMConfig",
        learning_rate=3e-4,
    ),
    Model(
        name="hcam",
        label="HCAM",
        about="a hierarchy of recurrent layers, trained stage by stage",
        configuration="mdat_keras.models.hcam:HCAMConfig",
        learning_rate=3e-3,
    ),
    Model(
        name="mdat",
        label="MDAT",
        about="the paper's model, with a linear classifier beside it under the preset base",
        configuration="mdat_keras.models.mdat:MDATConfig",
        learning_rate=3e-3,
        wide_learning_rate=3e-4,
        with_linear=("base",),
        in_k_shot_tables=True,
    ),
    Model(
        name="linear",
        label="linear",
        about="logistic regression on mean and standard deviation over time",
        configuration="mdat_keras.models.linear:LinearConfig",
        learning_rate=None,
        in_k_shot_tables=True,
    ),
    Model(
        name="svm",
        label="SVM",
        about="a support vector machine on the same features; it cannot be saved",
        configuration=None,
        learning_rate=None,
        in_k_shot_tables=True,
    ),
)

MODELS = {model.name: model for model in _RECORDS}
"""Name -> record, in the order of the tables' columns."""
