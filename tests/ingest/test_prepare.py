"""What is ready before the processes start: the first administrator, free ports."""

import re

import pytest

from accounts.models import User
from ingest.up.prepare import create_administrator, tcp_ports

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


def test_of_addresses_those_with_a_port_are_looked_at_before_the_start() -> None:
    addresses = ("tcp://*:5555", "curve://192.168.1.9:5557", "tcp://[::1]:5558", "ipc:///run/hub")
    assert tcp_ports(addresses) == [("*", 5555), ("192.168.1.9", 5557), ("::1", 5558)]
