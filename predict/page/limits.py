"""How much the page takes at once."""

import math
from dataclasses import dataclass

from mdat_data.errors import InputError

TOO_LARGE = 413
"""The code of HTTP for what is beyond a limit."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits of the page. Each field is the command-line option of the same name.

    Attributes:
        max_seconds: Duration of the longest recording.
        max_megabytes: Size of the largest upload, in 10**6 bytes.

    Raises:
        InputError: A limit is not above 0, or not finite.

    Example:
        >>> Limits(max_megabytes=2.5).bytes
        2500000
    """

    max_seconds: float = 3600.0
    max_megabytes: float = 500.0

    def __post_init__(self) -> None:
        for name in ("max_seconds", "max_megabytes"):
            value = getattr(self, name)
            if not 0 < value < math.inf:
                raise InputError(
                    f"expected --{name.replace('_', '-')} to be above 0 and finite, got {value}. "
                    f"Its default is {getattr(Limits, name):g}."
                )

    @property
    def bytes(self) -> int:
        """Bytes of the largest upload."""
        return round(self.max_megabytes * 10**6)
