"""The encoders. The folder is the list: each module has one class, and nothing is registered.

A class gives its `modality`, `speech` or `text`. If it needs no model, it also gives its `name`,
which is that of its module with dashes, and is made from `layers`. If it takes models of the
transformers library, its class method `load` makes it from a `Pretrained`, and `model_types` lists
the model types that it takes; `LanguageModel` has none and takes every other model of text.
"""

import inspect
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from typing import Any

from mdat_data import InputError
from mdat_extract.encoders.encoder import SpeechEncoder, TextEncoder

__all__ = ["SpeechEncoder", "TextEncoder", "is_offline", "speech_encoder", "text_encoder"]

# Imports stand inside: the offline encoders need no torch.


def speech_encoder(
    name: str, *, layers: Sequence[str], device: str, precision: str
) -> SpeechEncoder:
    """Load a speech encoder.

    Args:
        name: `logmel`, or the id or folder of a model of one of the kinds in this folder.
        layers: `last`, `middle` or numbers of hidden states.
        device: `auto`, `cpu`, `cuda` or another device that torch knows.
        precision: Precision of the computation, `float32` or `bfloat16`.

    Returns:
        The encoder.

    Raises:
        InputError: The model cannot be found or used, or has no such layer.
    """
    encoder: SpeechEncoder
    if offline := _offline(name, "speech"):
        encoder = offline(layers)
    else:
        encoder = _loading("speech", name)(layers=layers, device=device, precision=precision)
    return encoder


def text_encoder(
    name: str, *, layers: Sequence[str], device: str, precision: str, prefix: str = ""
) -> TextEncoder:
    """Load a text encoder.

    Args:
        name: `char-ngram`, or the id or folder of a language model.
        layers: `last`, `middle` or numbers of hidden states.
        device: `auto`, `cpu`, `cuda` or another device that torch knows.
        precision: Precision of the computation, `float32` or `bfloat16`.
        prefix: Put before every text, for models that were trained with one.

    Returns:
        The encoder.

    Raises:
        InputError: The model cannot be found or used, or has no such layer.
    """
    encoder: TextEncoder
    if offline := _offline(name, "text"):
        if prefix:
            raise InputError(
                f"expected --text-prefix {prefix!r} with a language model, got it with {name}, "
                "which takes each word alone. Leave it out, or choose another --text-encoder."
            )
        encoder = offline(layers)
    else:
        how = {"device": device, "precision": precision, "prefix": prefix}
        encoder = _loading("text", name)(layers=layers, **how)
    return encoder


def is_offline(name: str, modality: str) -> bool:
    """Whether a name is that of an encoder that needs no model."""
    return _offline(name, modality) is not None


def encoder_classes() -> list[type[Any]]:
    """Every encoder class of this folder."""
    return [found for name in _modules() for found in _classes(name)]


def _loading(modality: str, name: str) -> Callable[..., Any]:
    """Find a model and the class that takes it; the result loads it."""
    from mdat_extract.encoders.locate import locate
    from mdat_extract.encoders.pretrained import model_type

    source = locate(name)
    kind = _kind(modality, source.name, model_type(source))
    return partial(kind.load, source)


def _offline(name: str, modality: str) -> type[Any] | None:
    module = name.replace("-", "_")
    found = _classes(module) if module in _modules() else ()
    named = (c for c in found if c.modality == modality and getattr(c, "name", None) == name)
    return next(named, None)


def _kind(modality: str, name: str, model_type: str) -> type[Any]:
    """The class that takes a model of the transformers library."""
    from mdat_extract.encoders.language_model import LanguageModel

    takes = {kind: found for found in encoder_classes() for kind in _model_types(found)}
    found = takes.get(model_type, LanguageModel)
    if found.modality != modality:
        kinds = {
            "speech": f"a speech model of one of the kinds {', '.join(sorted(takes))}",
            "text": "a language model such as XLM-RoBERTa or BERT",
        }
        raise InputError(
            f"expected {kinds[modality]}, got {name} of the kind {model_type or 'unknown'}. Use "
            "another model."
        )
    return found


def _model_types(found: type[Any]) -> tuple[str, ...]:
    types: tuple[str, ...] = getattr(found, "model_types", ())
    return types


def _modules() -> list[str]:
    return [found.name for found in pkgutil.iter_modules(__path__)]


def _classes(module: str) -> Iterator[type[Any]]:
    imported = import_module(f"{__name__}.{module}")
    for _, found in inspect.getmembers(imported, inspect.isclass):
        if found.__module__ == imported.__name__ and hasattr(found, "modality"):
            yield found
