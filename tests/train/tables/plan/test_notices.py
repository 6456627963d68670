"""What libraries write in the workers."""

import os

import joblib
import pytest

from mdat_data import InputError
from mdat_train.tables.plan import engine, notices


def call(then: Exception | None = None) -> None:
    """Let two workers write to their standard error, and perhaps fail."""

    def work() -> None:
        os.write(2, b"E0000 util.cc: a notice\n")
        if then is not None:
            raise then

    with engine._engine(2, "local") as (options, _), notices.shown_on_failure():
        joblib.Parallel(**options)(joblib.delayed(work)() for _ in range(4))


def test_notices_do_not_reach_the_user(capfd):
    call()
    assert capfd.readouterr() == ("", "")


def test_notices_are_shown_where_something_fails(capfd):
    with pytest.raises(ZeroDivisionError):
        call(ZeroDivisionError())
    assert "E0000 util.cc: a notice\n" in capfd.readouterr().err


@pytest.mark.parametrize("error", [InputError("no"), OSError("full")])
def test_notices_have_nothing_to_do_with_errors_of_the_user(capfd, error):
    with pytest.raises(type(error)):
        call(error)
    assert capfd.readouterr().err == ""
