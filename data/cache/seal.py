"""A seal over what the digests of the utterances leave out."""

import hashlib
import json
from dataclasses import fields
from typing import Any

from mdat_data.cache.schema import STRINGS, TOKENS, Provenance

SEAL = "seal"
"""Name of the attribute."""


def seal_of(file: Any) -> str:
    """SHA-256 of the provenance, of the columns that describe the utterances and of the tokens.

    With it no bit of the provenance, the durations, the languages, the tokens or the audio files'
    names and digests can change unseen; the digest of each utterance guards the rest.

    Args:
        file: An open features file.

    Returns:
        64 hexadecimal digits.
    """
    names = ("format", "version", *(field.name for field in fields(Provenance)))
    attributes = {name: str(file.attrs[name]) for name in names if name in file.attrs}
    digest = hashlib.sha256(json.dumps(attributes, sort_keys=True).encode())
    for name in STRINGS:
        digest.update(json.dumps([text.hex() for text in file[name][:]]).encode())
    if TOKENS in file:
        for tokens in file[TOKENS]:
            digest.update(json.dumps([token.hex() for token in tokens]).encode())
    digest.update(file["duration"][:].astype("<f4").tobytes())
    return digest.hexdigest()
