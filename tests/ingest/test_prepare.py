"""The first administrator."""

import re

import pytest

from accounts.models import User
from ingest.up.prepare import create_administrator

pytestmark = pytest.mark.django_db


def test_it_makes_one_who_can_sign_in_with_what_is_said_and_only_the_first_time() -> None:
    said: list[str] = []
    create_administrator(said.append)
    create_administrator(said.append)
    (line,) = said
    found = re.search(r"Log in as (\S+) with the password (\S+)\[", line)
    assert found
    assert User.objects.get().is_superuser
    assert found[1] == User.objects.get().username == "admin"
    assert User.objects.get().check_password(found[2])


def test_somebody_of_that_name_who_does_not_administer_is_left_alone() -> None:
    User.objects.create_user("admin", password="correct horse battery")
    said: list[str] = []
    create_administrator(said.append)
    assert "Log in as admin2 with" in said[0]
    assert not User.objects.get(username="admin").is_superuser
    assert User.objects.get(username="admin2").is_superuser
