"""Starts Keras and its backend."""

import logging
import os
import sys
import tempfile


def start(*, threads: int | None = None) -> None:
    """Import Keras and touch its device, without the notices that TensorFlow writes meanwhile.

    They come on every machine, some as errors where nothing is wrong, and no setting stops them.
    Where the start fails they are shown.

    Args:
        threads: That TensorFlow may use; None leaves the choice to it. Only the first start of a
            process decides.
    """
    if threads is not None:
        os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(threads))
        os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
    # It also warns of being traced for more than one shape of a batch; there are a few dozen.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
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
