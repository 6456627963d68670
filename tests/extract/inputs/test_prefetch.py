import threading

import pytest

from mdat_extract.inputs.prefetch import prefetch


def test_results_are_in_order() -> None:
    assert list(prefetch(lambda number: number**2, range(20), ahead=3)) == [
        number**2 for number in range(20)
    ]


def test_a_bounded_number_of_results_is_computed_in_advance() -> None:
    begun: list[int] = []
    third = threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        if number == 2:
            third.set()
        return number

    results = prefetch(work, range(100), ahead=2)
    assert next(results) == 0
    assert third.wait(timeout=10)
    assert sorted(begun) == [0, 1, 2]
    results.close()


def test_an_error_is_raised_when_its_result_is_due() -> None:
    results = prefetch(lambda number: 1 // number, [1, 0], ahead=2)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)
