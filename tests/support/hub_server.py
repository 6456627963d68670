"""A small Hugging Face Hub on this machine: what huggingface_hub needs to share and to download.

Every file is sent in its commit, as the Hub does with small ones.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

TOKEN = "hf_test"


@dataclass
class Repository:
    """A repository with its only commit.

    Attributes:
        private: Whether only who has the token sees it.
        files: Name -> content.
    """

    private: bool
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def sha(self) -> str:
        content = b"".join(name.encode() + of for name, of in sorted(self.files.items()))
        return hashlib.sha1(content).hexdigest()


class Hub(ThreadingHTTPServer):
    """The server.

    Attributes:
        repositories: Name -> repository.
        requests: What was asked, as `METHOD path`.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories: dict[str, Repository] = {}
        self.requests: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def hub() -> Iterator[Hub]:
    """Serve a Hub without repositories."""
    with Hub() as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._path() == "/api/validate-yaml":
            return self._json({"errors": [], "warnings": []})
        if not self._knows_user():
            return self._refuse(401, "")
        if self._path() == "/api/repos/create":
            return self._create(json.loads(body))
        name, what = self._repository()
        if what.startswith("preupload/"):
            files = [
                {**of, "uploadMode": "regular", "shouldIgnore": False}
                for of in json.loads(body)["files"]
            ]
            return self._json({"files": files})
        for line in map(json.loads, body.splitlines()):
            if line["key"] == "file":
                content = base64.b64decode(line["value"]["content"])
                self.server.repositories[name].files[line["value"]["path"]] = content
        sha = self.server.repositories[name].sha
        return self._json(
            {"commitUrl": f"{self.server.address}/{name}/commit/{sha}", "commitOid": sha}
        )

    def do_GET(self) -> None:
        name, what = self._repository()
        of = self.server.repositories.get(name)
        if of is None or of.private and not self._knows_user():
            return self._refuse(404, "RepoNotFound")
        if not self._path().startswith("/api/"):
            return self._file(of, what.rpartition("/")[2])
        kind, _, revision = what.partition("/")
        if revision and revision not in ("main", of.sha):
            return self._refuse(404, "RevisionNotFound")
        files = [
            {
                "type": "file",
                "path": path,
                "rfilename": path,
                "size": len(content),
                "oid": _oid(content),
            }
            for path, content in of.files.items()
        ]
        if kind == "tree":
            return self._json(files)
        return self._json({"id": name, "private": of.private, "sha": of.sha, "siblings": files})

    def do_HEAD(self) -> None:
        self.do_GET()

    def _path(self) -> str:
        return self.path.partition("?")[0]

    def _repository(self) -> tuple[str, str]:
        """The repository of a path, and what is asked of it."""
        self.server.requests.append(f"{self.command} {self._path()}")
        found = re.fullmatch(r"/(?:api/models/)?([^/]+/[^/]+)/?(?:resolve/)?(.*)", self._path())
        return (found[1], found[2]) if found else ("", "")

    def _knows_user(self) -> bool:
        return self.headers["Authorization"] == f"Bearer {TOKEN}"

    def _create(self, wanted: dict[str, Any]) -> None:
        name = f"{wanted['organization']}/{wanted['name']}"
        status = 409 if name in self.server.repositories else 200
        made = Repository(wanted["visibility"] == "private")
        self.server.repositories.setdefault(name, made)
        return self._json({"url": f"{self.server.address}/{name}"}, status)

    def _file(self, of: Repository, path: str) -> None:
        if path not in of.files:
            return self._refuse(404, "EntryNotFound")
        return self._answer(
            200, of.files[path], {"X-Repo-Commit": of.sha, "ETag": f'"{_oid(of.files[path])}"'}
        )

    def _refuse(self, status: int, code: str) -> None:
        self._answer(status, b"{}", {"X-Error-Code": code} if code else {})

    def _json(self, content: Any, status: int = 200) -> None:
        self._answer(status, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items() | {"Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _oid(content: bytes) -> str:
    return hashlib.sha1(content).hexdigest()
