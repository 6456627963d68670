"""What all tests of the audit share."""

import pytest

from mdat_audit.clues import guess


@pytest.fixture(autouse=True)
def few_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Toy clues need no more trees, which take the most time."""
    monkeypatch.setattr(guess, "TREES", 5)
    monkeypatch.setattr(guess, "SHUFFLES", 30)
