"""MDAT in PyTorch: the same function and weights as ours, to compare the speed.

Written for speed: scaled dot-product attention wherever the scores are products, and no gradients
of the features.
"""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

LOWEST = torch.finfo(torch.float32).min
HEADS = 8


class TorchMDAT(nn.Module):
    """The network of MDAT, presets `base` and `wide`; `mdat_keras.models.mdat` explains its parts.

    Args:
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.
        units: Width U of the nodes.
        classes: Number C of emotions.

    Call arguments:
        speech: (B, T_s, D_s) float32.
        speech_mask: (B, T_s), True where a step is real.
        text: (B, T_t, D_t) float32.
        text_mask: (B, T_t).

    Returns:
        Logits of shape (B, C).
    """

    def __init__(
        self, speech_dim: int, text_dim: int, *, units: int = 64, classes: int = 4
    ) -> None:
        super().__init__()
        self.register_buffer("speech_statistics", torch.zeros(2, speech_dim))
        self.register_buffer("text_statistics", torch.zeros(2, text_dim))
        self.speech_projection = nn.Linear(speech_dim, units)
        self.text_projection = nn.Linear(text_dim, units)
        self.graph = nn.Linear(units, units, bias=False)
        self.sender = nn.Linear(units, 1, bias=False)
        self.receiver = nn.Linear(units, 1, bias=False)
        self.speech_co = nn.Linear(units, units)
        self.text_co = nn.Linear(units, units)
        self.speech_encoder = Encoder(2 * units)
        self.text_encoder = Encoder(2 * units)
        self.hidden = nn.Linear(4 * units, 256)
        self.emotion = nn.Linear(256, classes)

    def forward(
        self, speech: Tensor, speech_mask: Tensor, text: Tensor, text_mask: Tensor
    ) -> Tensor:
        speech = (speech - self.speech_statistics[0]) / self.speech_statistics[1]
        text = (text - self.text_statistics[0]) / self.text_statistics[1]
        nodes = torch.cat([self.speech_projection(speech), self.text_projection(text)], 1)
        mask = torch.cat([speech_mask, text_mask], 1)
        streams = self._relate(nodes, mask).split([speech.shape[1], text.shape[1]], 1)
        speech, text = self._co_attend(*streams, speech_mask, text_mask)
        means = (
            mean(self.speech_encoder(speech, speech_mask), speech_mask),
            mean(self.text_encoder(text, text_mask), text_mask),
        )
        hidden = functional.relu(self.hidden(torch.cat(means, 1)))
        return self.emotion(functional.dropout(hidden, 0.5, self.training))

    def _relate(self, nodes: Tensor, mask: Tensor) -> Tensor:
        values = self.graph(nodes)
        sender = self.sender(values).transpose(1, 2).masked_fill(~mask[:, None], LOWEST)
        scores = functional.leaky_relu(self.receiver(values) + sender, 0.2)
        weights = functional.dropout(scores.softmax(-1), 0.1, self.training)
        return weights @ values + nodes

    def _co_attend(
        self, speech: Tensor, text: Tensor, speech_mask: Tensor, text_mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        of_speech, of_text = self.speech_co(speech), self.text_co(text)
        attend = functional.scaled_dot_product_attention
        for_speech = attend(of_speech, of_text, text, text_mask[:, None])
        for_text = attend(of_text, of_speech, speech, speech_mask[:, None])
        return torch.cat([speech, for_speech], -1), torch.cat([text, for_text], -1)


class Encoder(nn.Module):
    """A layer of a transformer encoder with post-norm, as `mdat_keras.TransformerEncoder`."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.attention = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)
        self.attention_norm = nn.LayerNorm(width, eps=1e-5)
        self.inner = nn.Linear(width, width)
        self.outer = nn.Linear(width, width)
        self.feed_forward_norm = nn.LayerNorm(width, eps=1e-5)

    def forward(self, sequence: Tensor, mask: Tensor) -> Tensor:
        heads = self.attention(sequence).unflatten(-1, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(*heads, mask[:, None, None])
        attended = self.output(attended.transpose(1, 2).flatten(2))
        sequence = self.attention_norm(sequence + self._dropped(attended))
        forwarded = self.outer(functional.relu(self.inner(sequence)))
        return self.feed_forward_norm(sequence + self._dropped(forwarded))

    def _dropped(self, block: Tensor) -> Tensor:
        return functional.dropout(block, 0.1, self.training)


def mean(sequence: Tensor, mask: Tensor) -> Tensor:
    """Mean over the real steps, (B, D)."""
    real = mask / mask.sum(1, keepdim=True)
    return (real[:, None] @ sequence)[:, 0]


def take_weights(model: TorchMDAT, layers: Mapping[str, list[np.ndarray]]) -> None:
    """Copy the weights of our network.

    Args:
        model: Receives the weights.
        layers: Name of each layer of our model -> its `get_weights()`.
    """
    kernel, sender, receiver = layers["graph_attention"]
    co = layers["co_attention"]
    pairs = {model.graph: [kernel], model.sender: [sender], model.receiver: [receiver]}
    pairs |= {model.speech_co: co[:2], model.text_co: co[2:]}
    pairs |= {model.hidden: layers["hidden"], model.emotion: layers["emotion"]}
    for stream in ("speech", "text"):
        statistics = getattr(model, f"{stream}_statistics")
        statistics.copy_(torch.from_numpy(np.stack(layers[f"{stream}_standardize"])))
        pairs[getattr(model, f"{stream}_projection")] = layers[f"{stream}_projection"]
        pairs |= _of_encoder(getattr(model, f"{stream}_encoder"), layers[f"{stream}_encoder_1"])
    with torch.no_grad():
        for module, (weight, *bias) in pairs.items():
            module.weight.copy_(torch.from_numpy(np.ascontiguousarray(weight.T)))
            if bias:
                module.bias.copy_(torch.from_numpy(bias[0]))


def _of_encoder(encoder: Encoder, ours: list[np.ndarray]) -> dict[nn.Module, list[np.ndarray]]:
    query, query_bias, key, key_bias, value, value_bias, out, bias, *rest = ours
    width = len(query)
    kernels = [kernel.reshape(width, width) for kernel in (query, key, value)]
    biases = [b.ravel() for b in (query_bias, key_bias, value_bias)]
    return {
        encoder.attention: [np.concatenate(kernels, 1), np.concatenate(biases)],
        encoder.output: [out.reshape(width, width), bias],
        encoder.attention_norm: rest[:2],
        encoder.inner: rest[2:4],
        encoder.outer: rest[4:6],
        encoder.feed_forward_norm: rest[6:],
    }
