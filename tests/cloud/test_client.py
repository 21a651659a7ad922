"""What is sent, and to whom."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import environment
from cloud import client
from environment import EnvironmentProblem
from tests.cloud.conftest import SetMore
from tests.plate_service import TOKEN, Service, says

AT = datetime(2026, 11, 23, 12, 34, 56, 789000, tzinfo=UTC)


def test_the_service_learns_numbers_and_no_names(service: Service, env: SetMore) -> None:
    client.read_plates(env(mmc="true"), b"\xff\xd8picture", 7, 3, AT)
    (asked,) = service.asked
    assert (asked.picture, asked.filename) == (b"\xff\xd8picture", "7.jpg")
    assert asked.fields == {"camera_id": ["3"], "timestamp": ["2026-11-23T12:34:56.789000Z"], "mmc": ["true"]}


@pytest.mark.parametrize(
    ("site", "own", "sent"),
    [
        ("us,br", "", ["us", "br"]),
        ("us,eu,br", "", []),
        ("eu", "", []),
        ("us", "us-ca,mx", ["us-ca", "mx"]),
    ],
)
def test_regions_are_those_set_or_those_that_the_service_has_a_code_for(
    service: Service, env: SetMore, monkeypatch: pytest.MonkeyPatch, site: str, own: str, sent: list[str]
) -> None:
    monkeypatch.setenv("PLATE_REGIONS", site)
    client.read_plates(env(regions=own), b"picture", 7, 3, AT)
    assert service.asked[0].fields.get("regions", []) == sent


def test_passwords_in_netrc_do_not_replace_the_token(
    service: Service, env: SetMore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password other")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    client.statistics(env())
    assert service.asked[0].authorization == f"Token {TOKEN}"


def test_the_token_goes_nowhere_else(service: Service, env: SetMore) -> None:
    service.usage = says(302, {}, Location=f"{service.url}/elsewhere")
    assert client.statistics(env()).status == 302
    assert len(service.asked) == 1


@pytest.mark.parametrize("url", ["https://api.platerecognizer.com", "https://api.platerecognizer.com/v1/plate-reader/"])
def test_the_address_may_be_that_of_a_call(env: SetMore, url: str) -> None:
    assert env(url=url).plate_recognizer_url == environment.PLATE_RECOGNIZER


@pytest.mark.parametrize(
    ("name", "value", "wants"),
    [
        ("url", "api.platerecognizer.com", "an address that starts with http:// or https://"),
        ("url", "http://user:word@host", "without a user"),
        ("regions", "us;mx", "codes of countries"),
        ("doubt", "2", "a number from 0 to 1"),
        ("budget", "-1", "a whole number"),
    ],
)
def test_settings_that_cannot_be_used_are_named(env: SetMore, name: str, value: str, wants: str) -> None:
    with pytest.raises(EnvironmentProblem, match=f"PLATE_RECOGNIZER_{name.upper()}=.*{wants}"):
        env(**{name: value})


def test_a_token_that_cannot_be_one_is_not_repeated(env: SetMore) -> None:
    with pytest.raises(EnvironmentProblem) as problem:
        env(token=f"Token {TOKEN}")
    assert TOKEN not in str(problem.value)
    assert "without a blank" in str(problem.value)
