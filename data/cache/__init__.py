"""The features file: one schema, one writer, one reader, independent of the encoders."""

from mdat_data.cache.disk import reporting_full_disk
from mdat_data.cache.identity import census
from mdat_data.cache.reader import FeaturesFile, open_features
from mdat_data.cache.schema import MODALITIES, Features, Modality, Provenance, Recording
from mdat_data.cache.writer import FeaturesWriter
from mdat_data.process.lock import exclusive, refuse_held

__all__ = [
    "MODALITIES",
    "Features",
    "FeaturesFile",
    "FeaturesWriter",
    "Modality",
    "Provenance",
    "Recording",
    "census",
    "exclusive",
    "open_features",
    "refuse_held",
    "reporting_full_disk",
]
