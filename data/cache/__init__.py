"""The features file: one schema, one writer, one reader. It knows no encoder."""

from mdat_data.cache.disk import reporting_full_disk
from mdat_data.cache.identity import census
from mdat_data.cache.reader import Cache
from mdat_data.cache.schema import MODALITIES, Features, Modality, Provenance, Recording
from mdat_data.cache.writer import CacheWriter
from mdat_data.process.lock import exclusive, refuse_held

__all__ = [
    "MODALITIES",
    "Cache",
    "CacheWriter",
    "Features",
    "Modality",
    "Provenance",
    "Recording",
    "census",
    "exclusive",
    "refuse_held",
    "reporting_full_disk",
]
