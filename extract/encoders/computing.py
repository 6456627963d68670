"""Device and precision of a computation by torch, and its result as arrays."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from mdat_data import InputError


def choose_device(name: str) -> torch.device:
    """Choose the device of a computation.

    Args:
        name: `auto` (cuda if available, else cpu), or a device that torch knows.

    Returns:
        The device.

    Raises:
        InputError: This machine has no such device.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        return torch.zeros(1, device=name).device
    except (RuntimeError, AssertionError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(
            f"this machine has no device {name!r} ({reason}). Use --device cpu, or auto."
        ) from error


@contextmanager
def computing(device: torch.device, precision: str) -> Iterator[None]:
    """Compute without gradients, in a given precision.

    Args:
        device: The device.
        precision: `float32` (without TF32 on graphics cards) or `bfloat16`.
    """
    with (
        torch.inference_mode(),
        torch.autocast(device.type, torch.bfloat16, enabled=precision == "bfloat16"),
        torch.backends.cudnn.flags(
            enabled=True, benchmark=False, deterministic=True, allow_tf32=False
        ),
    ):
        yield


def to_numpy(state: torch.Tensor) -> np.ndarray:
    """Copy a tensor of any device into an array, in float32."""
    rows = state.float()
    if rows.is_cuda:  # page-locked memory is copied to several times as fast
        rows = torch.empty(rows.shape, pin_memory=True).copy_(rows)
    array: np.ndarray = rows.cpu().numpy()
    return array


def hidden_state(output: Any, layer: str) -> np.ndarray:
    """Take a layer from the output of a model.

    Args:
        output: The output, with `last_hidden_state` and `hidden_states`.
        layer: `last` or the number of a hidden state.

    Returns:
        (batch, steps, dim) float32.
    """
    return to_numpy(
        output.last_hidden_state if layer == "last" else output.hidden_states[int(layer)]
    )
