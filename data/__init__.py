"""The shared words: what an utterance is, where its features lie, who is in which part."""

from mdat_data.errors import InputError
from mdat_data.utterance import EMOTIONS, Utterance

__all__ = ["EMOTIONS", "InputError", "Utterance"]
