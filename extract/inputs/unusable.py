"""Refuses samples that are no speech which an encoder could take."""

import numpy as np

from mdat_data import InputError
from mdat_extract.config import SAMPLING_RATE
from mdat_extract.inputs.sound import STEP

MIN_SAMPLES = 400
"""One window of the wav2vec2 convolutions (25 ms). Shorter recordings have no frame."""

RATES = (1_000, 1_000_000)
"""Lowest and highest sampling rate in Hz; others come of a damaged header."""

SILENCE = 2
"""Range of the samples of a silent recording, in steps of its encoding. Silence need not be zero:
it may have an offset, A-law has no zero, and noise of one bit goes one step up and down."""

LEVELS = 8
"""Number of different samples of a silent recording whose 16 bits were stored with more: steps up
and down, in each of two channels."""

LOUDEST = 100.0
"""Largest amplitude relative to full scale: 40 dB above it. Files of floating-point numbers may go
beyond 1, but samples in the thousands are integers that were not scaled."""


def refuse_too_short(samples: int) -> None:
    """Refuse a recording that has no frame.

    Args:
        samples: Its length at `SAMPLING_RATE`.

    Raises:
        InputError: It is shorter than `MIN_SAMPLES`.
    """
    if samples < MIN_SAMPLES:
        raise InputError(
            f"too short: {samples} samples at {SAMPLING_RATE} Hz, at least {MIN_SAMPLES} are needed"
        )


def refuse_wrong_rate(rate: int) -> None:
    """Refuse a sampling rate in Hz that no recording has."""
    if not RATES[0] <= rate <= RATES[1]:
        raise InputError(
            f"damaged: expected a sampling rate between {RATES[0]} and {RATES[1]} Hz by the "
            f"header, got {rate}. Copy the file again from where it is whole"
        )


def refuse_wrong_values(channels: np.ndarray) -> None:
    """Refuse samples, of any shape, that are not finite or far too loud."""
    if not np.isfinite(channels).all():
        raise InputError("not finite: some samples are NaN or infinity")
    if (peak := np.abs(channels).max(initial=0)) > LOUDEST:
        raise InputError(
            f"far too loud: expected samples between -1 and 1, got {peak:.6g}. Divide them by the "
            "full scale, such as 32768 for 16 bits"
        )


def is_silent(samples: np.ndarray, step: float) -> bool:
    """Whether samples vary no more than silence does.

    Args:
        samples: (samples,)
        step: Distance between small values of the recording, relative to full scale.
    """
    reach = np.ptp(samples)
    of_16_bits = reach <= SILENCE * STEP and len(np.unique(samples)) <= LEVELS
    return bool(reach <= SILENCE * step or of_16_bits)


def refuse_silence(samples: np.ndarray, step: float, part: str) -> None:
    """Refuse a silent recording.

    Args:
        samples: As for `is_silent`.
        step: Likewise.
        part: Which part of the recording they are, in words with a blank before them.
    """
    if is_silent(samples, step):
        raise InputError(
            f"silent: expected speech, but all samples{part} lie within {np.ptp(samples):.1g} of "
            "full scale. Leave the recording out, or amplify its source"
        )
