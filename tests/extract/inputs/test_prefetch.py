import threading

import pytest

from mdat_extract.inputs.prefetch import map_ahead


def test_results_come_in_order() -> None:
    assert list(map_ahead(lambda number: number**2, range(20), ahead=3)) == [
        number**2 for number in range(20)
    ]


def test_work_runs_ahead_within_bounds() -> None:
    begun: list[int] = []
    third = threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        if number == 2:
            third.set()
        return number

    results = map_ahead(work, range(100), ahead=2)
    assert next(results) == 0
    assert third.wait(timeout=10)
    assert sorted(begun) == [0, 1, 2]
    results.close()


def test_an_error_comes_when_its_result_is_due() -> None:
    results = map_ahead(lambda number: 1 // number, [1, 0], ahead=2)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)
