"""The demo from start to end."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from rich.console import Console

import environment
from cameras.models import Image
from demo import ports
from demo.fixture import Fixture, read_fixture
from demo.report import follow, shortfalls
from demo.traffic import play
from detections.picture import UnreadablePicture
from environment import Environment, EnvironmentProblem
from ingest.receiver_state import receiver_state
from ingest.up.session import Stopped, running, stay, web_url


def show(pictures: Path, once: bool) -> int:
    """Start everything, play the traffic, print what came of it; the exit status."""
    console = Console(soft_wrap=True, highlight=False)
    try:
        fixture = read_fixture(pictures)
        env, moved = ports.choose(environment.current())
        for line in moved:
            console.print(line, style="yellow")
        console.print(f"[bold]librarian demo[/bold], data in {env.data_dir}")
        with running(env, console) as stack:
            good = play_and_report(fixture, env, console)
            if once:
                return 0 if good else 1
            console.print(f"Open [bold]{web_url(env)}[/bold] and log in as admin. Ctrl-C stops everything.")
            stay(stack, console)
    except Stopped:
        return 130 if once else 0
    except (EnvironmentProblem, OSError, KeyError, ValueError) as problem:
        console.print(f"librarian: {problem}", style="red", markup=False)
        return 2
    return 1


def play_and_report(fixture: Fixture, env: Environment, console: Console) -> bool:
    """Send the traffic while the findings are printed; whether all that is expected was found."""
    since, before = timezone.now(), receiver_state().get("heartbeats", 0)
    problems: list[str] = []
    sending = threading.Thread(target=send_all, args=(fixture, local_address(env), console, problems), daemon=True)
    sending.start()
    images = follow(fixture, since, lambda line: console.print(f"[green]found[/green] {line}"))
    missing = settled_shortfalls(fixture, images, since, before) + problems
    for line in missing:
        console.print(f"[red]missing[/red] {line}")
    verdict = "[red]not all was found[/red]" if missing else "[green]everything was found[/green]"
    console.print(f"{len(images)} pictures of {len(fixture.cameras)} cameras: {verdict}")
    return not missing


def settled_shortfalls(fixture: Fixture, images: list[Image], since: datetime, before: int) -> list[str]:
    """What is missing, once events and the receiver's state, which is written every second, had time to arrive."""
    for _ in range(25):
        missing = shortfalls(fixture, images, since, receiver_state().get("heartbeats", 0) - before)
        if not missing:
            break
        time.sleep(0.2)
    return missing


def send_all(fixture: Fixture, address: str, console: Console, problems: list[str]) -> None:
    """Send the traffic and print each acknowledged message; what goes wrong is added to `problems`."""
    try:
        for line in play(address, fixture):
            console.print(f"[dim]arrived[/dim] {line}")
    except (OSError, RuntimeError, UnreadablePicture) as problem:
        problems.append(f"sending stopped: {problem}")


def local_address(env: Environment) -> str:
    """Where senders on this machine reach the receiver."""
    address = next((one for one in env.receiver_address if one.startswith("tcp://")), env.receiver_address[0])
    return address.replace("*", "127.0.0.1")
