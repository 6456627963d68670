"""Examines a corpus, and a split of it, for what gives labels away.

Example:
    ```python
    audit = mdat_audit.audit("urdu", root="corpora/urdu", splits="splits.csv")
    audit.leaks  # none where speakers, recordings and sentences are apart
    audit.save("audit-urdu")
    ```
"""

import lazy_loader

from mdat_data import __version__ as __version__

# Loaded at the first use, so that `mdat-audit --help` needs nothing heavy.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
