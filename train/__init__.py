"""Trains and tests emotion classifiers on features files.

Example:
    run = mdat_train.cross_validate("emodb.h5", model="linear", seeds=3)
    print(run.summary())
    run.save("runs/emodb")
"""

import lazy_loader

from mdat_data import __version__ as __version__

# Loaded at the first use, so that `mdat-train --help` needs nothing heavy.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
