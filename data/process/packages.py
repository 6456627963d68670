"""Packages that only some inputs and outputs need."""

from importlib.util import find_spec

from mdat_data.errors import InputError


def require(package: str, purpose: str, *, extra: str) -> None:
    """Refuse work that needs a package which is not installed, before it begins.

    Args:
        package: Its import name.
        purpose: What it does, such as `reads films`.
        extra: The extra of mdat-keras that installs it.

    Raises:
        InputError: It is not installed.

    Example:
        >>> require("json", "reads JSON", extra="none")
    """
    if find_spec(package) is None:
        raise InputError(
            f"expected the package {package}, which {purpose}, but it is not installed. Install it "
            f'with: pip install "mdat-keras[{extra}]"'
        )
