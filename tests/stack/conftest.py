"""One installation, as `make run` starts it, for all tests that do not break it for good."""

from collections.abc import Iterator

import pytest

from tests.harness import Installation, installation, private_env
from tests.isolation import DATA_DIR


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running installation of this module's own; the converted model is shared."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "models").symlink_to(DATA_DIR / "models")
    with installation(folder, private_env(folder)) as found:
        yield found
