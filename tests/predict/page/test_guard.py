"""Other sites can neither use the page nor stand in it."""

import pytest
from recordings import recording


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "localhost:9999"])
def test_the_names_of_this_machine_are_answered(client, host):
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", "", "localhost@evil"]
)
def test_other_names_are_not(client, host):
    """DNS rebinding: the name of another site that leads to this machine."""
    assert client.get("/api/model", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:8001", "http://localhost:8000"]
)
@pytest.mark.parametrize("path", ["/api/predict", "/api/files/csv", "/api/labelled"])
def test_pages_of_other_sites_are_refused(client, origin, path):
    files = {"file": ("a.wav", recording("wav"))}
    answer = client.post(path, files=files, headers={"origin": origin})
    assert answer.status_code == 403
    assert origin in answer.json()["error"]


def test_the_page_itself_is_answered(client):
    files = {"file": ("a.wav", recording("wav"))}
    answer = client.post("/api/predict", files=files, headers={"origin": "http://127.0.0.1:8000"})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/", "/page.js", "/api/model", "/nothing", "/api/predict"])
def test_every_answer_says_what_a_browser_may_do_with_it(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers
