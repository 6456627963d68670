"""The seal: a checksum of what the digests of the utterances do not include."""

import hashlib
import json
from dataclasses import fields
from typing import Any

from mdat_data.cache.hdf5.datasets import dataset, find_dataset
from mdat_data.cache.hdf5.texts import texts
from mdat_data.cache.schema import OPTIONAL, STRINGS, TOKENS, Provenance

SEAL = "seal"
"""Name of the attribute."""


def seal_of(file: Any) -> str:
    """Return the SHA-256 of the provenance, the columns of the utterances and the tokens.

    It detects any change of provenance, durations, languages, tokens and names and checksums of
    audio files. The digest of each utterance detects any other change.

    Args:
        file: An open HDF5 file.

    Returns:
        64 hexadecimal digits.
    """
    names = ("format", "version", *(field.name for field in fields(Provenance)))
    attributes = {name: str(file.attrs[name]) for name in names if name in file.attrs}
    digest = hashlib.sha256(json.dumps(attributes, sort_keys=True).encode())
    there = [name for name in OPTIONAL if find_dataset(file, name) is not None]
    for name in (*STRINGS, *there):
        column = texts(file, name)[:]
        digest.update(json.dumps([text.hex() for text in column]).encode())
    if find_dataset(file, TOKENS) is not None:
        for tokens in texts(file, TOKENS):
            digest.update(json.dumps([token.hex() for token in tokens]).encode())
    digest.update(dataset(file, "duration")[:].astype("<f4").tobytes())
    return digest.hexdigest()
