"""The ACL that docs/broker.md gives suffices, for the whole way of a picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis
import requests
from redis.exceptions import NoPermissionError

from tests.broker.conftest import Redis
from tests.harness import DRIVES, ROOT, Installation, eventually, installation, private_env
from tests.isolation import DATA_DIR


def documented() -> str:
    """The line of docs/broker.md that makes the user."""
    [rule] = re.findall(r"^user librarian .*$", (ROOT / "docs" / "broker.md").read_text(), re.MULTILINE)
    assert "+@all" not in rule
    return str(rule).replace("PASSWORD", "pw")


def use_everything(site: Installation) -> None:
    site.send("gate Driveway|jpg", DRIVES[0].read_bytes())
    site.send("gate Driveway|motion|moving|", b"")
    eventually(lambda: site.looked_at() == 1)
    eventually(lambda: requests.get(f"{site.web}/readyz").ok, 30)
    assert site.status()["queues"] is not None
    login = ("admin", (site.folder / "flower_password").read_text())
    for page in ("/broker", "/workers", "/api/workers?refresh=1", "/api/tasks"):
        assert requests.get(site.flower + page, auth=login).ok, page
    worker = site.pid("worker-plates")
    site.send("gate Driveway|jpg", DRIVES[1].read_bytes())
    eventually(lambda: site.looked_at() == 2)
    assert site.pid("worker-plates") == worker


@pytest.mark.parametrize("command", ["FLUSHALL", "KEYS *", "SHUTDOWN", "CONFIG SET dir /tmp", "ACL LIST", "SAVE"])
def test_it_forbids_what_librarian_does_not_need(redis_server: Callable[..., Redis], command: str) -> None:
    port = redis_server(documented()).port
    client: Any = redis.Redis(port=port, username="librarian", password="pw")
    with pytest.raises(NoPermissionError):
        client.execute_command(*command.split())


def test_it_allows_everything_that_librarian_does(redis_server: Callable[..., Redis], tmp_path: Path) -> None:
    server = redis_server(f"appendonly yes\nuser default off\nuser root on >root ~* &* +@all\n{documented()}")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "models").symlink_to(DATA_DIR / "models")
    env = private_env(folder) | {"REDIS_URL": f"redis://librarian:pw@127.0.0.1:{server.port}/0"}
    with installation(folder, env) as site:
        use_everything(site)
    refused = redis.Redis(port=server.port, username="root", password="root").acl_log()
    assert [(entry["reason"], entry["object"]) for entry in refused] == []
