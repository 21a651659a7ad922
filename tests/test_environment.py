"""Settings: where they come from, and what is said when one cannot be used."""

import subprocess
import sys
from pathlib import Path

import pytest

import environment
from environment import EnvironmentProblem
from tests.harness import ROOT


def load(tmp_path: Path, written: str = "", **values: str) -> environment.Environment:
    (tmp_path / ".env").write_text(written)
    return environment.load({"DATA_DIR": str(tmp_path), **values}, tmp_path / ".env")


def test_it_has_sensible_defaults(tmp_path: Path) -> None:
    env = environment.load({}, tmp_path / "none")
    assert env.data_dir == environment.BASE_DIR / "data"
    assert env.receiver_address == ("tcp://*:5555",)
    assert env.flower_address == ("127.0.0.1", 5556)
    assert env.receiver_max_frame == 64 * 2**20
    assert (env.receiver_live_address, env.receiver_live_keep_seconds, env.receiver_patience_minutes) == ((), 60, 10)
    assert env.detection_min_score == 0.25
    assert env.plate_regions == ()
    assert (env.log_level, env.log_format) == ("INFO", "line")
    assert env.database_url.startswith("sqlite:///")


def test_the_environment_wins_over_the_file_and_the_file_over_what_up_chose(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    environment.chosen_file(tmp_path).write_text("REDIS_URL=redis://chosen:1/0\n")
    assert load(tmp_path).redis_url == "redis://chosen:1/0"
    assert load(tmp_path, "REDIS_URL=redis://written:1/0").redis_url == "redis://written:1/0"
    assert load(tmp_path, "REDIS_URL=redis://written:1/0", REDIS_URL="redis://set:1/0").redis_url == "redis://set:1/0"


def test_a_variable_set_to_nothing_hides_the_one_in_the_file(tmp_path: Path) -> None:
    assert load(tmp_path, "DATABASE_URL=mysql://u:p@h/n", DATABASE_URL="").database_url.startswith("sqlite:")


@pytest.mark.parametrize(
    ("name", "value", "wants"),
    [
        ("RECEIVER_MAX_FRAME", "64 potatoes", "a size in bytes"),
        ("RECEIVER_ADDRESS", "5555", "ZeroMQ address"),
        ("RECEIVER_ADDRESS", "tcp://*:99999", "ZeroMQ address"),
        ("RECEIVER_ADDRESS", "tcp://*:*", "ZeroMQ address"),
        ("RECEIVER_SUBSCRIBE", "tcp://*:5555", "a camera that publishes"),
        ("RECEIVER_SUBSCRIBE", "pi1", "a camera that publishes"),
        ("RECEIVER_ID", "../hub", "letters"),
        ("RECEIVER_LIVE_ADDRESS", "5558", "ZeroMQ address"),
        ("RECEIVER_LIVE_KEEP_SECONDS", "now and then", "a number from 0"),
        ("DETECTION_MIN_SCORE", "25%", "a number from 0.01 to 1"),
        ("RECEIVER_PATIENCE_MINUTES", "-1", "a number from 0 to 10000"),
        ("WEB_ADDRESS", "8000", "host:port"),
        ("METRICS_TOKEN", "short", "20 to 200 characters"),
        ("SENTRY_DSN", "https://sentry.example.org/1", "the DSN of a project"),
        ("SEND_FILES", "nginx", "x-accel-redirect, x-sendfile"),
        ("ALLOWED_HOSTS", "http://garagepc", "host names"),
        ("FLOWER_ADDRESS", "127.0.0.1:99999", "host:port"),
        ("SITE_URL", "cams.example.org", "https://"),
        ("SITE_URL", "https://cams.example.org/path", "without a path"),
        ("TRUSTED_PROXIES", "nginx", "addresses and networks"),
        ("EMAIL_URL", "smtp+tls://", "a mail server"),
        ("EMAIL_URL", "imap://mail.example.org", "smtp+tls://"),
        ("DEFAULT_FROM_EMAIL", "librarian", "an address"),
        ("DATABASE_URL", "postgres://h/n", "sqlite:// or mysql://"),
        ("REDIS_URL", "redis://h:port", "redis:// or rediss://"),
        ("DEBUG", "ture", "true or false"),
        ("TIME_ZONE", "Europe/Berlinn", "time zone"),
        ("DETECTOR", "openvino-sdd", "did you mean openvino-ssd"),
        ("DETECTOR", "models/yolo.pt", "or the path of a .onnx file"),
        ("PLATE_REGIONS", "us,uk", "us, eu, br"),
        ("RETENTION_DAYS", "-1", "whole number"),
        ("LOG_LEVEL", "loud", "INFO"),
        ("LOG_FORMAT", "jsno", "did you mean json"),
    ],
)
def test_it_names_an_unusable_value_and_what_is_wanted(tmp_path: Path, name: str, value: str, wants: str) -> None:
    with pytest.raises(EnvironmentProblem) as problem:
        load(tmp_path, **{name: value})
    line = str(problem.value)
    assert line.startswith(f"{name}=")
    assert wants in line
    assert "\n" not in line


def test_it_does_not_show_secrets(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as problem:
        load(tmp_path, DATABASE_URL="mysq://user:geheim@host/name")
    assert "geheim" not in str(problem.value)
    with pytest.raises(EnvironmentProblem) as problem:
        load(tmp_path, EMAIL_URL="smpt://user:geheim@host")
    assert "geheim" not in str(problem.value)


def test_mail_comes_from_the_user_of_the_mail_server_and_proxies_of_this_machine_are_trusted_with_https(
    tmp_path: Path,
) -> None:
    assert load(tmp_path).default_from_email == "librarian@localhost"
    env = load(tmp_path, EMAIL_URL="smtp+tls://me%40example.org:x@mail.example.org:587", SITE_URL="https://a.example/")
    assert (env.default_from_email, env.site_url) == ("me@example.org", "https://a.example")
    assert env.trusted_proxies == ("127.0.0.0/8", "::1/128") and load(tmp_path).trusted_proxies == ()


def test_it_tells_a_misspelt_name_in_the_file(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="did you mean RECEIVER_ADDRESS"):
        load(tmp_path, "RECIEVER_ADDRESS=tcp://*:5555")


def test_a_relative_folder_is_one_folder_wherever_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    env = environment.load({"DATA_DIR": "./somewhere"}, tmp_path / "none")
    assert env.data_dir == environment.BASE_DIR / "somewhere"


def test_the_data_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    env = environment.load({"DATA_DIR": str(tmp_path / "new")}, tmp_path / "none")
    environment.secret_key(env)
    assert env.data_dir.stat().st_mode & 0o777 == 0o700


def test_it_names_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe garbage")
    with pytest.raises(EnvironmentProblem, match="not a text file"):
        environment.load({}, tmp_path / ".env")


def test_the_secret_key_is_made_once_and_kept_to_ourselves(tmp_path: Path) -> None:
    env = load(tmp_path)
    key = environment.secret_key(env)
    assert len(key) > 50
    assert environment.secret_key(env) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("command", [["manage.py", "up"], ["-m", "receiver"], ["manage.py", "status"]])
def test_a_start_with_an_unusable_value_ends_with_one_line(command: list[str], tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path), "RECEIVER_MAX_FRAME": "lots"}
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith("librarian: RECEIVER_MAX_FRAME='lots' cannot be used")
    assert done.stderr.count("\n") == 1


def test_the_detector_may_be_a_file_wherever_the_process_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(tmp_path, DETECTOR="deimv2-femto").detector == "deimv2-femto"
    found = load(tmp_path, DETECTOR="models/Garden.ONNX").detector
    assert found == str(environment.BASE_DIR / "models" / "Garden.ONNX")
    assert environment.is_onnx_file(found) and not environment.is_onnx_file("openvino-ssd")


def test_a_secret_may_be_the_content_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("a-long-key\n")
    assert load(tmp_path, SECRET_KEY_FILE=str(tmp_path / "key")).secret_key == "a-long-key"
    assert load(tmp_path, f"SECRET_KEY_FILE={tmp_path / 'key'}").secret_key == "a-long-key"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("SECRET_KEY_FILE=none", "cannot be read"),
        ("SECRET_KEY_FILE=empty", "is empty"),
        ("SECRET_KEY_FIL=x", "did you"),
    ],
)
def test_a_secret_file_that_gives_none_stops_the_start(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(EnvironmentProblem, match=said):
        load(tmp_path, written.replace("=e", f"={tmp_path}/e").replace("=n", f"={tmp_path}/n"))


def test_a_secret_is_set_in_one_way_only(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="leave one of them out"):
        load(tmp_path, SECRET_KEY="x", SECRET_KEY_FILE="y")


def test_a_file_for_a_secret_counts_as_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "")
    assert not environment.is_set("REDIS_URL")
    monkeypatch.setenv("REDIS_URL_FILE", str(tmp_path / "url"))
    assert environment.is_set("REDIS_URL")
