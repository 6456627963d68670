"""Multiply-adds for training MDAT on one utterance, counted in the same model in PyTorch."""

from functools import cache

import torch
from reading import SPEECH_DIM, TEXT_DIM
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode
from torch_mdat import TorchMDAT


@cache
def multiply_adds(speech: int, text: int) -> int:
    """Count the multiply-adds of all matrix products, forward and backward.

    Args:
        speech: Number of speech frames.
        text: Number of text tokens.
    """
    with torch.device("meta"), sdpa_kernel(SDPBackend.MATH):
        model = TorchMDAT(SPEECH_DIM, TEXT_DIM)
        inputs = {
            "speech": torch.ones(1, speech, SPEECH_DIM),
            "speech_mask": torch.ones(1, speech, dtype=torch.bool),
            "text": torch.ones(1, text, TEXT_DIM),
            "text_mask": torch.ones(1, text, dtype=torch.bool),
        }
        with FlopCounterMode(display=False) as counter:
            model(**inputs).sum().backward()
    return int(counter.get_total_flops()) // 2
