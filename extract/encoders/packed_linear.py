"""Linear layers computed by oneDNN, with weights stored in the memory order that it reads."""

import torch


class PackedLinear(torch.nn.Module):
    """A trained linear layer on a CPU, faster than torch's own.

    In float32 torch calls MKL, which on AMD processors reaches less than half the speed of oneDNN.
    In bfloat16 torch reorders the weights for oneDNN in every call; here they are reordered once.

    Args:
        linear: The trained layer.
        dtype: Type of the weights and of the multiplication.

    Attributes:
        bias: (out,), or None.
    """

    def __init__(self, linear: torch.nn.Linear, dtype: torch.dtype) -> None:
        super().__init__()
        with torch.no_grad():
            self._packed = torch.ops.mkldnn._reorder_linear_weight(linear.weight.to(dtype))
            self.bias = None if linear.bias is None else linear.bias.to(dtype)
        self._dtype = dtype

    @property
    def weight(self) -> torch.Tensor:
        """(out, in). The attention of WavLM reads it and does not call the layer."""
        dense: torch.Tensor = self._packed.to_dense()
        return dense

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(…, in) -> (…, out)."""
        outputs: torch.Tensor = torch.ops.mkldnn._linear_pointwise(
            inputs.to(self._dtype), self._packed, self.bias, "none", [], ""
        )
        return outputs


def pack_linear_layers(model: torch.nn.Module, precision: str) -> None:
    """Store the weights of a model that is not trained any more as its computation reads them.

    On a CPU, linear layers are replaced where torch and the processor support it. On a graphics
    card, weights are stored in bfloat16 where they are used in bfloat16: else autocast converts
    them in every pass.

    Args:
        model: The model, in float32.
        precision: Precision of the computation, `float32` or `bfloat16`.
    """
    dtype = torch.float32 if precision == "float32" else torch.bfloat16
    if dtype == torch.bfloat16 and any(weights.is_cuda for weights in model.parameters()):
        store_in_bfloat16(model)
    if not _can_pack(dtype):
        return
    for module in model.modules():
        for name, layer in module.named_children():
            if type(layer) is torch.nn.Linear and layer.weight.device.type == "cpu":
                setattr(module, name, PackedLinear(layer, dtype))


def store_in_bfloat16(model: torch.nn.Module) -> None:
    """Store those weights in bfloat16 that autocast would convert; the output stays the same."""
    for module in model.modules():
        if isinstance(module, torch.nn.Linear | torch.nn.Conv1d):
            module.to(torch.bfloat16)


def _can_pack(dtype: torch.dtype) -> bool:
    return torch.backends.mkldnn.is_available() and (
        dtype == torch.float32 or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    )
