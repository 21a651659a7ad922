"""Pictures that hang or crash a worker, or always fail, are set aside and do not take their neighbours along."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cameras.runs import MAX_ATTEMPTS
from tests.harness import DRIVES, Installation, eventually, installation, numbered, private_env
from tests.isolation import DATA_DIR
from tests.sites import ON_MARIADB

GOOD = 12

pytestmark = pytest.mark.skipif(ON_MARIADB, reason="takes minutes, and the database has no part in it")


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation whose workers react to words in pictures; see poison/sitecustomize.py."""
    folder = tmp_path_factory.mktemp("poisoned")
    (folder / "models").symlink_to(DATA_DIR / "models")
    env = private_env(folder) | {"PYTHONPATH": str(Path(__file__).parent / "poison")}
    with installation(folder, env) as site:
        yield site


def with_word(word: bytes) -> bytes:
    picture = DRIVES[0].read_bytes()
    return picture[:2] + b"\xff\xfe" + (len(word) + 2).to_bytes(2, "big") + word + picture[2:]


def test_poison_is_set_aside_and_the_neighbours_are_looked_at(poisoned: Installation) -> None:
    for word in (b"HANG", b"CRASH", b"FAIL"):
        poisoned.send("gate Driveway|jpg", with_word(word))
    for number in range(GOOD):
        poisoned.send("gate Driveway|jpg", numbered(DRIVES[number % 8].read_bytes()))
    good = "SELECT count(*) FROM detections_detectionrun WHERE status = 'done'"
    eventually(lambda: poisoned.count(good) == GOOD, 240, poisoned.status)
    eventually(lambda: poisoned.count("SELECT count(*) FROM cameras_deadletter") == 3, 600, poisoned.status)
    letters = poisoned.rows("SELECT image_id, attempts, reason FROM cameras_deadletter ORDER BY image_id")
    assert [attempts for _, attempts, _ in letters] == [MAX_ATTEMPTS] * 3
    hung, crashed, failed = (reason for _, _, reason in letters)
    assert "hung or ended its worker" in hung
    assert "hung or ended its worker" in crashed
    assert failed.endswith("RuntimeError: no such luck")
    assert poisoned.count(good) == GOOD
    eventually(lambda: poisoned.looked_at() == GOOD + 3, 240)  # plates of a failed picture are left out
