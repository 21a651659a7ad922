"""What people set for a node reaches the receiver."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import environment
from accounts.models import User
from cameras.models import Node
from cameras.receiver_settings import write_receiver_settings
from cameras.renaming import rename_node
from receiver.limits import Limit, read_limits

pytestmark = pytest.mark.django_db(transaction=True)
FILE = environment.current().run_dir / "node_settings.json"


def written() -> dict[str, Any]:
    nodes: dict[str, Any] = json.loads(FILE.read_text())["nodes"]
    return nodes


@pytest.fixture
def node() -> Node:
    FILE.unlink(missing_ok=True)
    Node.objects.create(name="shed")
    return Node.objects.create(name="gate", max_images_per_day=7)


def test_it_tells_the_limits_of_nodes_that_have_some_in_words_that_the_receiver_reads(node: Node) -> None:
    write_receiver_settings()
    assert read_limits(FILE.read_text()) == {"gate": Limit(7, 0)}


def test_a_renamed_node_keeps_its_limits_under_the_name_that_it_sends(node: Node) -> None:
    rename_node(node, "porch")
    assert written().keys() == {"gate", "porch"}


def test_the_file_is_left_alone_where_nothing_changed(node: Node) -> None:
    write_receiver_settings()
    before = FILE.stat().st_ino
    write_receiver_settings()
    assert FILE.stat().st_ino == before


@pytest.mark.parametrize("page", ["web:node_settings", "admin:cameras_node_change"])
def test_what_is_set_on_a_page_is_written_at_once(client: Client, node: Node, page: str) -> None:
    client.force_login(User.objects.create_superuser("chief", password="correct horse"))
    values = {"silent_after_minutes": 15, "max_images_per_day": 500, "max_images_per_minute": 30}
    assert client.post(reverse(page, args=[node.pk]), values).status_code == 302
    assert written() == {"gate": {"max_images_per_day": 500, "max_images_per_minute": 30}}
