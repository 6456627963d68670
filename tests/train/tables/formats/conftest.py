"""What the tests of several formats share."""

from pathlib import Path

import pytest
from toy_outcomes import outcomes

from mdat_train.tables.cells.build import build_tables
from mdat_train.tables.cells.table import Table
from mdat_train.tables.formats.report import write_report


@pytest.fixture(scope="session")
def tables() -> tuple[Table, ...]:
    """All tables of one corpus, whose notes have characters that formats escape."""
    return build_tables(outcomes(("emodb",), notes=("a_b & 5 % #1 {x}",)), ("urdu.h5",))


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a report on two corpora."""
    of = outcomes(
        ("emodb", "emovo"), models=("mdat", "bilstm", "safrlm"), notes=("<b> & co", "$ 5")
    )
    folder = tmp_path_factory.mktemp("runs") / "new" / "report"
    write_report(of, ("iemocap.h5", "urdu.h5"), folder)
    return folder
