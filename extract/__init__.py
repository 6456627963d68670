"""From recordings and transcripts to a features file.

Example:
    ```python
    mdat_extract.extract(
        "emodb",
        root="corpora/emodb",
        out="emodb.h5",
        speech_encoder="logmel",
        text_encoder="char-ngram",
    )
    ```
"""

import lazy_loader

from mdat_data import __version__ as __version__

# Loaded at the first use, so that importing the package needs neither numpy nor torch.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
