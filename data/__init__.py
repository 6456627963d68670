"""Utterances, corpora and features files: the records that all other packages share.

Example:
    ```python
    with mdat_data.open_features("emodb.h5") as features:
        table = features.to_pandas()
        rows = features["03a01Fa"].speech["last"]  # (steps, dim)
    ```
"""

import lazy_loader

__version__ = "0.2.0"

# Loaded at the first use, so that importing the package needs neither numpy nor h5py.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
