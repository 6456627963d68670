"""The threads of the libraries that compute; those of matrix products: test_sklearn_classifier."""

import os

import joblib
import pytest

from mdat_train.classifiers.threads import limit_backend_threads, threads_of_each

NAMES = ("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")


@pytest.mark.parametrize(
    ("cores", "processes", "expected"), [(2, 1, 2), (2, 2, 1), (2, 3, 1), (8, 3, 2), (64, 4, 16)]
)
def test_processes_share_the_cores(cores, processes, expected, monkeypatch):
    monkeypatch.setattr(joblib, "cpu_count", lambda: cores)
    assert threads_of_each(processes) == expected


@pytest.mark.parametrize(("own", "expected"), [(None, "4"), ("7", "7")])
def test_the_limit_gives_way_to_what_the_user_has_set(own, expected, monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    if own:
        monkeypatch.setenv(NAMES[0], own)
    with monkeypatch.context() as patch:
        patch.setattr(os, "environ", dict(os.environ))
        limit_backend_threads(4)
        assert [os.environ[name] for name in NAMES] == [expected, "1"]
