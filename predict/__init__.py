"""From recordings and a run to emotions over time. It needs neither Keras nor TensorFlow.

Example:
    ```python
    model = mdat_predict.load("runs/urdu")
    predictions = model.predict(["interview.wav"])
    predictions.to_pandas()  # a row for each segment
    ```
"""

import lazy_loader

from mdat_data import __version__ as __version__

# Loaded at the first use, so that `mdat-predict --help` needs nothing heavy.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
