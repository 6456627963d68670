"""Signals that end the process."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from mdat_data.process.signals import LOST, Ended, delayed_signals, ended_by_signals


@pytest.mark.parametrize("number", LOST)
def test_a_signal_raises_and_the_handler_is_restored(number):
    before = signal.getsignal(number)
    with pytest.raises(Ended) as ended, ended_by_signals():
        signal.raise_signal(number)
    assert ended.value.number == number
    assert signal.getsignal(number) == before


def test_ignored_signals_stay_ignored_as_under_nohup():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ended_by_signals():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(("number", "error"), [(2, KeyboardInterrupt), (15, Ended)])
def test_a_delayed_signal_is_raised_at_the_end_of_the_block(number, error):
    done = []
    with (
        pytest.raises(error),
        ended_by_signals(),
        delayed_signals(lambda: done.append("stop")),
    ):
        signal.raise_signal(number)
        done.append("whole")
    assert done == ["stop", "whole"]


def test_other_threads_set_no_handlers():
    def work():
        with ended_by_signals(), delayed_signals(lambda: None):
            return signal.getsignal(signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(work).result() == before
