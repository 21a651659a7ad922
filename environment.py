"""The one place that reads the environment and `.env`, strictly typed and free of Django.

A value comes from the process environment, else from `.env` beside this file, else from what `manage.py up` chose and
wrote to `DATA_DIR/run/chosen.env`, else from the default. A value that cannot be used raises `EnvironmentProblem` with
one line that names the variable and what it wants. `environment_sources.py` finds a variable's text,
`environment_readers.py` makes a value of it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

import broker_url
import environment_readers as readers
from environment_sources import EnvironmentProblem, Variables, chosen_file, is_set, layers
from kept_secrets import flower_password, make_data_dir, metrics_token, secret_key

__all__ = [  # what is made elsewhere and asked for here
    "EnvironmentProblem",
    "chosen_file",
    "flower_password",
    "is_set",
    "make_data_dir",
    "metrics_token",
    "secret_key",
]

BASE_DIR = readers.BASE_DIR
DEFAULT_REDIS_URL = "redis://127.0.0.1:6379/0"
DETECTORS = ("openvino-ssd", "opencv-ssd", "deimv2-femto")
"""The detectors that have a name; DETECTOR may also be the path of an ONNX file."""
ONNX = ".onnx"
DETECTOR_PRECISIONS = ("auto", "f32", "int8")
PLATE_READERS = ("rapidocr",)
PLATE_REGIONS = ("us", "eu", "br")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("line", "json")
NGINX, APACHE = "x-accel-redirect", "x-sendfile"
"""The headers by which a proxy is told to send a file itself; Lighttpd takes Apache's."""

PLATE_RECOGNIZER = "https://api.platerecognizer.com"
"""The public address of Plate Recognizer; its SDK has one of the user's own."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Every setting that the processes share; the field `redis_url` is the variable `REDIS_URL`, and so on."""

    data_dir: Path
    receiver_address: tuple[str, ...]
    """Where cameras send to: `tcp://` and `ipc://` as they are, `curve://` encrypted."""
    receiver_allow: tuple[str, ...]
    """Networks from which cameras may send unencrypted; everybody may where there are none."""
    receiver_subscribe: tuple[str, ...]
    """Addresses of cameras that publish (PUB/SUB)."""
    receiver_id: str
    receiver_max_frame: int
    """Bytes; a larger frame ends its connection before memory is taken for it."""
    receiver_metrics_address: tuple[str, int] | None
    receiver_live_address: tuple[str, ...]
    """Where cameras may send all the time to be shown live; nowhere if empty. As `receiver_address`."""
    receiver_live_keep_seconds: float
    """One picture of each such camera in so many seconds is kept; 0 for none."""
    receiver_patience_minutes: float
    """After so long without any message a line in imagehub.log says so; 0 for never."""
    web_address: tuple[str, int]
    web_threads: int
    send_files: str
    """By which header the proxy in front is told to send pictures, `NGINX` or `APACHE`; empty: they are sent here."""
    allowed_hosts: tuple[str, ...]
    site_url: str
    trusted_proxies: tuple[str, ...]
    """Networks whose word is taken for where a request comes from and whether it came by https."""
    email_url: str
    default_from_email: str
    flower_address: tuple[str, int]
    database_url: str
    redis_url: str
    secret_key: str
    debug: bool
    time_zone: str
    detector: str
    """One of `DETECTORS`, or the absolute path of an ONNX file."""
    detector_precision: str
    """`auto`: INT8 where it was made here and is good enough."""
    plate_reader: str
    plate_regions: tuple[str, ...]
    """Whose plates are expected, a part of `PLATE_REGIONS`; none leaves it to the site's own setting."""
    plate_recognizer_url: str
    """Where the service's interface begins: scheme, host, perhaps a port and a path; no slash at the end."""
    plate_recognizer_token: str = field(repr=False)
    plate_recognizer_regions: tuple[str, ...]
    """The service's codes of countries and states; what none means says `cloud.client.regions`."""
    plate_recognizer_mmc: bool
    """Ask for make, model and colour too, which the service sells apart."""
    plate_recognizer_interval: float
    """Seconds from one call to the next, over all workers."""
    plate_recognizer_timeout: float
    """Seconds for one call."""
    plate_recognizer_budget: int
    """Calls a month; 0 for as many as the service gives."""
    plate_recognizer_per_visit: int
    """At most so many pictures of a visit are sent."""
    plate_recognizer_doubt: float
    """0 to 1: plates that are read with less confidence are doubtful."""
    inference_threads: int
    detect_processes: int
    """0: as many as suit the cores and the precision, see `detections.precision.processes`."""
    detection_min_score: float
    """0 to 1: detections that are less sure are not kept, whatever a camera's own settings say."""
    visit_gap_seconds: float
    """So long after a camera's last picture the next one begins a new visit, unless the camera has a gap of its own."""
    visit_most_minutes: float
    """A visit that lasts longer is continued in another, so that a camera that never pauses has visits too."""
    plate_min_confidence: float
    """0 to 1: what is read of a vehicle with less confidence makes no new plate."""
    retention_days: int
    """Pictures and rows older than this are purged; 0 keeps them for ever."""
    retention_empty_days: int | None
    """The same for pictures in which nothing was found; None: as long as the others."""
    retention_event_days: int | None
    """The same for events; None: as long as pictures."""
    retention_reading_days: int | None
    """The same for readings of sensors; None: as long as events."""
    retention_free: int
    """Bytes of the disk that stay free, for which the oldest pictures go; 0: whatever is left."""
    retention_most: int
    """Bytes that pictures take at most; 0: no limit."""
    retention_share: float
    """The share of all pictures that may go at once."""
    put_off_above: int
    """So many messages waiting for a stage, and new pictures are put off until there is room again; 0: never."""
    behind_minutes: float
    """A picture that has waited for so long makes people be told; 0: never."""
    disk_hours: float
    """A disk that is full so soon makes people be told; 0: never."""
    hung_seconds: float
    """So long without a sign of life, and a process is ended and started again."""
    log_level: str
    log_format: str
    metrics_token: str = field(repr=False)
    """What who reads metrics shows; empty: the one that is kept in DATA_DIR."""
    sentry_dsn: str = field(repr=False)
    """Where errors are reported to; nowhere if empty."""

    @property
    def images_dir(self) -> Path:
        """The folder of images, the truth that the database indexes."""
        return self.data_dir / "images"

    @property
    def thumbnails_dir(self) -> Path:
        """Small copies, made when a picture is registered; can be made again."""
        return self.data_dir / "thumbnails"

    @property
    def previews_dir(self) -> Path:
        """Larger copies, made when one is first asked for; can be made again."""
        return self.data_dir / "previews"

    @property
    def outbox_dir(self) -> Path:
        """One SQLite outbox for each receiver id."""
        return self.data_dir / "outbox"

    @property
    def logs_dir(self) -> Path:
        """imagehub.log and one log file for each process."""
        return self.data_dir / "logs"

    @property
    def run_dir(self) -> Path:
        """State of running processes and what `up` chose."""
        return self.data_dir / "run"

    @property
    def curve_dir(self) -> Path:
        """Keys of cameras that send encrypted, and the receiver's own."""
        return self.data_dir / "curve"

    @property
    def models_dir(self) -> Path:
        """Converted models, made once on this machine."""
        return self.data_dir / "models"

    @property
    def cloud_reading(self) -> bool:
        """Whether Plate Recognizer can be asked: the public service wants a token, an SDK may do without."""
        return bool(self.plate_recognizer_token) or self.plate_recognizer_url != PLATE_RECOGNIZER

    @property
    def https(self) -> bool:
        """Whether people open the pages by https."""
        return self.site_url.startswith("https://")

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.time_zone)


def is_onnx_file(detector: str) -> bool:
    """Whether a value of DETECTOR is the path of a file, not a name."""
    return detector.lower().endswith(ONNX)


VARIABLES = tuple(field.name.upper() for field in fields(Environment))


def load(environ: Mapping[str, str] | None = None, env_file: Path | None = None) -> Environment:
    """Read every variable; raise `EnvironmentProblem` at the first that cannot be used."""
    raw = layers(os.environ if environ is None else environ, env_file or BASE_DIR / ".env", VARIABLES)
    variables = Variables(raw)
    get, optional = variables.get, variables.optional
    data_dir = get("DATA_DIR", readers.path, str(BASE_DIR / "data"))
    site_url = optional("SITE_URL", readers.site, "")
    email_url = optional("EMAIL_URL", readers.mail_server, "")
    cores = os.cpu_count() or 1
    listening = readers.zmq_addresses("tcp", "curve", "ipc")
    return Environment(
        data_dir=data_dir,
        receiver_address=get("RECEIVER_ADDRESS", listening, "tcp://*:5555"),
        receiver_allow=get("RECEIVER_ALLOW", readers.networks, ""),
        receiver_subscribe=optional("RECEIVER_SUBSCRIBE", readers.publishers, ()),
        receiver_id=get("RECEIVER_ID", readers.identifier, "hub"),
        receiver_max_frame=get("RECEIVER_MAX_FRAME", readers.size, "64MiB"),
        receiver_metrics_address=optional("RECEIVER_METRICS_ADDRESS", readers.host_port, None),
        receiver_live_address=optional("RECEIVER_LIVE_ADDRESS", listening, ()),
        receiver_live_keep_seconds=get("RECEIVER_LIVE_KEEP_SECONDS", readers.number(0, 1_000_000), "60"),
        receiver_patience_minutes=get("RECEIVER_PATIENCE_MINUTES", readers.number(0, 10_000), "10"),
        web_address=get("WEB_ADDRESS", readers.host_port, "127.0.0.1:8000"),
        web_threads=get("WEB_THREADS", readers.whole(1, 64), "4"),
        send_files=optional("SEND_FILES", readers.choice(NGINX, APACHE), ""),
        allowed_hosts=optional("ALLOWED_HOSTS", readers.hosts, ()),
        site_url=site_url,
        # Who serves https has a proxy for it, most often on the same machine.
        trusted_proxies=get(
            "TRUSTED_PROXIES", readers.networks, "127.0.0.0/8,::1" if site_url.startswith("https://") else ""
        ),
        email_url=email_url,
        default_from_email=get("DEFAULT_FROM_EMAIL", readers.mail_address, lambda: readers.sender(email_url)),
        flower_address=get("FLOWER_ADDRESS", readers.host_port, "127.0.0.1:5556"),
        database_url=get("DATABASE_URL", readers.url("sqlite", "mysql"), f"sqlite:///{data_dir / 'librarian.sqlite3'}"),
        redis_url=get("REDIS_URL", broker_url.normal, DEFAULT_REDIS_URL),
        secret_key=variables.raw("SECRET_KEY"),
        debug=get("DEBUG", readers.boolean, "false"),
        time_zone=get("TIME_ZONE", readers.zone, readers.local_zone),
        detector=get("DETECTOR", readers.choice_or_file(ONNX, *DETECTORS), DETECTORS[0]),
        detector_precision=get("DETECTOR_PRECISION", readers.choice(*DETECTOR_PRECISIONS), DETECTOR_PRECISIONS[0]),
        plate_reader=get("PLATE_READER", readers.choice(*PLATE_READERS), PLATE_READERS[0]),
        plate_regions=optional("PLATE_REGIONS", readers.names(*PLATE_REGIONS), ()),
        plate_recognizer_url=get("PLATE_RECOGNIZER_URL", readers.service, PLATE_RECOGNIZER),
        plate_recognizer_token=optional("PLATE_RECOGNIZER_TOKEN", readers.token, ""),
        plate_recognizer_regions=optional("PLATE_RECOGNIZER_REGIONS", readers.region_codes, ()),
        plate_recognizer_mmc=get("PLATE_RECOGNIZER_MMC", readers.boolean, "false"),
        plate_recognizer_interval=get("PLATE_RECOGNIZER_INTERVAL", readers.number(0, 3600), "1"),
        plate_recognizer_timeout=get("PLATE_RECOGNIZER_TIMEOUT", readers.number(1, 30), "20"),
        plate_recognizer_budget=get("PLATE_RECOGNIZER_BUDGET", readers.whole(0, 100_000_000), "2500"),
        plate_recognizer_per_visit=get("PLATE_RECOGNIZER_PER_VISIT", readers.whole(1, 20), "2"),
        plate_recognizer_doubt=get("PLATE_RECOGNIZER_DOUBT", readers.number(0, 1), "0.9"),
        inference_threads=get("INFERENCE_THREADS", readers.whole(1, 64), str(min(2, cores))),
        detect_processes=optional("DETECT_PROCESSES", readers.whole(1, 64), 0),
        detection_min_score=get("DETECTION_MIN_SCORE", readers.number(0.01, 1), "0.25"),
        visit_gap_seconds=get("VISIT_GAP_SECONDS", readers.number(0.1, 3600), "3"),
        visit_most_minutes=get("VISIT_MOST_MINUTES", readers.number(0.1, 60), "5"),
        plate_min_confidence=get("PLATE_MIN_CONFIDENCE", readers.number(0, 1), "0.5"),
        retention_days=get("RETENTION_DAYS", readers.whole(0, 36500), "0"),
        retention_empty_days=optional("RETENTION_EMPTY_DAYS", readers.whole(0, 36500), None),
        retention_event_days=optional("RETENTION_EVENT_DAYS", readers.whole(0, 36500), None),
        retention_reading_days=optional("RETENTION_READING_DAYS", readers.whole(0, 36500), None),
        retention_free=optional("RETENTION_FREE", readers.size, 0),
        retention_most=optional("RETENTION_MOST", readers.size, 0),
        retention_share=get("RETENTION_SHARE", readers.number(0.01, 1), "0.25"),
        put_off_above=get("PUT_OFF_ABOVE", readers.whole(0, 10_000_000), "5000"),
        behind_minutes=get("BEHIND_MINUTES", readers.number(0, 10_000), "10"),
        disk_hours=get("DISK_HOURS", readers.number(0, 10_000), "48"),
        hung_seconds=get("HUNG_SECONDS", readers.number(5, 3600), "60"),
        log_level=get("LOG_LEVEL", readers.choice(*LOG_LEVELS), "INFO"),
        log_format=get("LOG_FORMAT", readers.choice(*LOG_FORMATS), LOG_FORMATS[0]),
        metrics_token=optional("METRICS_TOKEN", readers.long_token, ""),
        sentry_dsn=optional("SENTRY_DSN", readers.dsn, ""),
    )


@lru_cache(maxsize=1)
def current() -> Environment:
    """The environment of this process, read once."""
    return load()


def stop_on_problem() -> Environment:
    """`current()`, or end the process with the one line that says what to mend (exit status 2)."""
    try:
        return current()
    except EnvironmentProblem as problem:
        fail(str(problem))


def fail(message: str) -> NoReturn:
    """End the process with one line on standard error and exit status 2."""
    print(f"librarian: {message}", file=sys.stderr)
    raise SystemExit(2)
