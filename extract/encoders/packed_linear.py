"""Linear layers by oneDNN, with weights that lie in memory in the order in which it reads them."""

import torch


class PackedLinear(torch.nn.Module):
    """What a trained linear layer computes, on a cpu.

    torch leaves linear layers in float32 to MKL, which reaches less than half of what oneDNN does
    on a processor of AMD, and in bfloat16 it brings weights into oneDNN's order in every call.

    Args:
        linear: The layer.
        dtype: In which its weights are kept and its input is multiplied.

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
        """(out, in); WavLM's attention reads it instead of calling the layer."""
        dense: torch.Tensor = self._packed.to_dense()
        return dense

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(…, in) -> (…, out)."""
        outputs: torch.Tensor = torch.ops.mkldnn._linear_pointwise(
            inputs.to(self._dtype), self._packed, self.bias, "none", [], ""
        )
        return outputs


def pack_linear_layers(model: torch.nn.Module, precision: str) -> None:
    """Replace the linear layers of a model that will not be trained.

    Nothing changes on another device than a cpu, and where torch or the processor cannot do it.

    Args:
        model: The model, in float32.
        precision: Of the computation, `float32` or `bfloat16`.
    """
    dtype = torch.float32 if precision == "float32" else torch.bfloat16
    if not _can_pack(dtype):
        return
    for module in model.modules():
        for name, layer in module.named_children():
            if type(layer) is torch.nn.Linear and layer.weight.device.type == "cpu":
                setattr(module, name, PackedLinear(layer, dtype))


def _can_pack(dtype: torch.dtype) -> bool:
    return torch.backends.mkldnn.is_available() and (
        dtype == torch.float32 or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    )
