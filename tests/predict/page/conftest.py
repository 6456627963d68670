"""The page of a toy run, without a browser."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from mdat_predict import Model, PredictConfig, load
from mdat_predict.page.app import make_app
from mdat_predict.page.limits import Limits
from mdat_predict.page.service import Service

ADDRESS = "http://127.0.0.1:8000"
WINDOWS = PredictConfig(segments="fixed", window=0.2)
HOSTS = ("127.0.0.1", "localhost")


def client_of(model: Model, *, reject: float = 0.0, **limits: float) -> TestClient:
    taken = Limits(**limits)
    service = Service(model, config=WINDOWS, limits=taken, reject=reject)
    app = make_app(service, limits=taken, hosts=HOSTS)
    return TestClient(app, ADDRESS, raise_server_exceptions=False)


@pytest.fixture(scope="session")
def model(toy) -> Model:
    return load(toy.run)


@pytest.fixture
def client(model) -> Iterator[TestClient]:
    with client_of(model) as found:
        yield found


@pytest.fixture
def limited(model):
    """Makes clients of other limits."""
    return lambda **limits: client_of(model, **limits)
