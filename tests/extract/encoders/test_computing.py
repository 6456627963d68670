import pytest
import torch

from mdat_data import InputError
from mdat_extract.encoders.computing import choose_device, computing


def test_a_missing_device_is_refused() -> None:
    with pytest.raises(InputError, match="this machine has no device 'abacus'"):
        choose_device("abacus")


def test_auto_is_a_device() -> None:
    assert choose_device("auto").type in ("cpu", "cuda")


@pytest.mark.parametrize(
    ("precision", "dtype"), [("float32", torch.float32), ("bfloat16", torch.bfloat16)]
)
def test_the_precision_is_that_of_the_computation(precision: str, dtype: torch.dtype) -> None:
    weights = torch.ones(2, 2, requires_grad=True)
    with computing(torch.device("cpu"), precision):
        product = weights @ weights
    assert product.dtype == dtype
    assert not product.requires_grad
