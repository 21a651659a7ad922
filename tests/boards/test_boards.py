"""The files that Grafana and Prometheus are given, as far as they can be judged without them."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
import yaml

from tests.boards.grafana import BOARDS, GRAFANA, VARIABLE, panels, targets
from tests.docker.containers import DOCKER

SERVICES = yaml.safe_load((DOCKER / "compose.yml").read_text())["services"]
SOURCES = {
    one["uid"]: one for one in yaml.safe_load((GRAFANA / "datasources/librarian.yml").read_text())["datasources"]
}
UNITS = {"short", "none", "s", "bytes", "Bps", "ops", "reqps", "percent", "percentunit", "degree"}
"""Those of Grafana's units that the boards use; a misspelt one would be written behind each value."""


def test_data_sources_are_those_that_are_provisioned() -> None:
    used = {
        (one["datasource"]["uid"], one["datasource"]["type"]) for board in BOARDS.values() for one in sources(board)
    }
    assert used == {(uid, one["type"]) for uid, one in SOURCES.items()}


def sources(board: dict[str, Any]) -> list[dict[str, Any]]:
    queries = [target for panel in panels(board) for target in panel["targets"]]
    asked = [one for one in board["templating"]["list"] if one["type"] == "query"]
    return [*panels(board), *queries, *asked]


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_is_whole(name: str) -> None:
    board = BOARDS[name]
    numbers = [panel["id"] for panel in board["panels"]]
    assert len(set(numbers)) == len(numbers)
    for panel in panels(board):
        assert panel["fieldConfig"]["defaults"]["unit"] in UNITS, panel["title"]
        assert panel["title"] and panel["targets"], panel["id"]
        letters = [target["refId"] for target in panel["targets"]]
        assert len(set(letters)) == len(letters), panel["title"]
        assert all(target["datasource"] == panel["datasource"] for target in panel["targets"]), panel["title"]
    for one, other in itertools.combinations(board["panels"], 2):
        assert not overlap(one["gridPos"], other["gridPos"]), (one["title"], other["title"])
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in board["panels"])


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    apart = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
    return not (apart or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"])


def test_boards_have_addresses_and_variables_of_their_own() -> None:
    assert len({board["uid"] for board in BOARDS.values()}) == len(BOARDS) == 2
    for name, title, query in targets("mysql"):
        known = {one["name"] for one in BOARDS[name]["templating"]["list"]}
        assert set(VARIABLE.findall(query.replace("$__", ""))) <= known, title


def test_expressions_of_prometheus_are_closed() -> None:
    for _, title, expression in targets("prometheus"):
        for opening, closing in ("()", "[]", "{}"):
            assert expression.count(opening) == expression.count(closing), title
        assert all("$__rate_interval" in one for one in re.findall(r"\[([^\]]*)\]", expression)), title


def test_grafana_is_given_the_files_and_secrets_that_it_is_told_of() -> None:
    grafana = SERVICES["grafana"]
    places = {volume.split(":")[1]: volume.split(":")[0] for volume in grafana["volumes"]}
    [provider] = yaml.safe_load((GRAFANA / "dashboards/librarian.yml").read_text())["providers"]
    assert (DOCKER / places[provider["options"]["path"]]).resolve() == GRAFANA / "boards"
    for kind in ("datasources", "dashboards"):
        assert (DOCKER / places[f"/etc/grafana/provisioning/{kind}"]).resolve() == GRAFANA / kind
    home = grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home.startswith(provider["options"]["path"]) and (GRAFANA / "boards" / home.rpartition("/")[2]).exists()
    read = re.findall(r"/run/secrets/(\w+)", (GRAFANA / "datasources/librarian.yml").read_text() + str(grafana))
    assert set(read) == set(grafana["secrets"])
    for source in SOURCES.values():
        host = re.sub(r"^http://", "", source["url"]).split(":")[0]
        assert host in SERVICES
    assert (
        SOURCES["librarian-mariadb"]["jsonData"]["database"] == SERVICES["mariadb"]["environment"]["MARIADB_DATABASE"]
    )
    assert SOURCES["librarian-mariadb"]["jsonData"]["timezone"] == "+00:00"


def test_prometheus_asks_the_processes_where_they_listen_with_the_token() -> None:
    scraped = yaml.safe_load((DOCKER / "prometheus/prometheus.yml").read_text())["scrape_configs"]
    found = {one["job_name"]: one["static_configs"][0]["targets"] for one in scraped}
    web, receiver = SERVICES["web"]["environment"], SERVICES["receiver"]["environment"]
    port = re.search(r":(\d+)}", receiver["RECEIVER_METRICS_ADDRESS"])
    assert port
    assert found == {
        "librarian-web": [f"web:{web['WEB_ADDRESS'].rpartition(':')[2]}"],
        "librarian-receiver": [f"receiver:{port[1]}"],
    }
    assert "web" in web["ALLOWED_HOSTS"].split(",")
    assert {one["authorization"]["credentials_file"] for one in scraped} == {web["METRICS_TOKEN_FILE"]}
    assert SERVICES["prometheus"]["secrets"] == ["metrics_token"]
