"""Two runs never share a folder."""

import pytest

from mdat_data import InputError
from mdat_data.process.lock import exclusive
from mdat_train.runs.claim import claimed, claimed_next, claimed_report


def test_a_folder_that_exists_is_refused(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "absent")
    for name in ("run", "link"):
        with pytest.raises(InputError, match="must not exist, but does"), claimed(tmp_path / name):
            pass


def test_a_folder_that_another_run_has_claimed_is_refused_with_its_holder(tmp_path):
    with claimed(tmp_path / "run"), pytest.raises(InputError, match=r"by another process \(pid \d"):  # noqa: SIM117
        with claimed(tmp_path / "run"):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_appears_while_it_is_claimed_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "mdat_train.runs.claim.exclusive", lambda out: (out.mkdir(), exclusive(out))[1]
    )
    with pytest.raises(InputError, match="must not exist, but does"), claimed(tmp_path / "run"):
        pass


@pytest.mark.parametrize("claim", [claimed, claimed_report])
def test_the_next_folder_is_neither_taken_nor_claimed(tmp_path, claim):
    (tmp_path / "run").mkdir()
    first = tmp_path / "run"
    with claimed_next(first, claim) as second, claimed_next(first, claim) as third:
        assert [second.name, third.name] == ["run-2", "run-3"]
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_report_may_exist_and_only_one_process_writes_it(tmp_path):
    (tmp_path / "report").mkdir()
    with claimed_report(tmp_path / "report") as out:
        assert out == tmp_path / "report"
        with pytest.raises(InputError, match="report/runs is being written"), claimed_report(out):
            pass


def test_a_file_where_the_folder_of_kept_runs_must_be(tmp_path):
    (tmp_path / "runs").touch()
    with pytest.raises(InputError, match="runs is not a writable folder"), claimed_report(tmp_path):
        pass
