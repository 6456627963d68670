"""Tables for pandas, which is needed by nothing else."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mdat_data.errors import InputError

if TYPE_CHECKING:
    import pandas


def data_frame(rows: Iterable[Sequence[object]], columns: Sequence[str]) -> "pandas.DataFrame":
    """Make a pandas table.

    Args:
        rows: The values of each row.
        columns: Names of the values of a row.

    Returns:
        The table, with one row for each item of `rows`.

    Raises:
        InputError: pandas is not installed.
    """
    try:
        import pandas
    except ModuleNotFoundError as error:
        raise InputError(
            "expected the package pandas, which holds the table, but it is not installed. Install "
            "it with: pip install pandas"
        ) from error
    return pandas.DataFrame(rows, columns=list(columns))
