"""Device and precision of a computation by torch, and its result as arrays."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from mdat_data import InputError

States = dict[str, torch.Tensor]


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


@contextmanager
def hidden_states(stack: Sequence[torch.nn.Module], layers: Sequence[str]) -> Iterator[States]:
    """Keep hidden states of a model while it computes.

    The list that the models of the transformers library give depends on its version: which states
    it holds, and whether the last one is before or after a final layer norm.

    Args:
        stack: The layers of the model.
        layers: Names of layers. `0` is the input of the first layer, any other number the output of
            that layer; `last` is not kept here.

    Yields:
        Name of a layer -> its state, (batch, steps, dim), after the model has computed.
    """
    states: States = {}

    def keep(name: str, found: Any) -> None:
        states[name] = found[0] if isinstance(found, tuple) else found

    hooks = [
        stack[int(name) - 1].register_forward_hook(lambda *seen, name=name: keep(name, seen[2]))
        if int(name)
        else stack[0].register_forward_pre_hook(lambda *seen, name=name: keep(name, seen[1]))
        for name in layers
        if name != "last"
    ]
    try:
        yield states
    finally:
        for hook in hooks:
            hook.remove()
