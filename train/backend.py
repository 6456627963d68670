"""Starts Keras and its backend."""

import os
import sys
import tempfile


def start() -> None:
    """Import Keras and touch its device, without the notices that TensorFlow writes meanwhile.

    They come on every machine, some as errors where nothing is wrong, and no setting stops them.
    Where the start fails they are shown.
    """
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as notices:
        os.dup2(notices.fileno(), 2)
        try:
            import keras

            keras.ops.zeros(())
        except BaseException:
            notices.seek(0)
            os.write(stderr, notices.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
