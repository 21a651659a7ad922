"""`python -m ingest.up`, which `manage.py up` becomes."""

from __future__ import annotations

from rich.console import Console

import environment
import heartbeat
from environment import EnvironmentProblem
from ingest.up.session import Stopped, hub_address, running, stay, web_url


def main() -> None:
    """Run everything until stopped."""
    env = environment.stop_on_problem()
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"[bold]librarian[/bold] keeps its data in {env.data_dir}")
    beats = heartbeat.Beats()  # until all runs, which may take minutes; then the loop of `stay` gives the signs
    beats.start()
    try:
        with running(env, console) as stack:
            beats.stop()
            console.print(f"Open [bold]{web_url(env)}[/bold]")
            console.print(f"Cameras send to [bold]{hub_address(env)}[/bold]; logs are in {env.logs_dir}")
            console.print("Ctrl-C stops everything.")
            stay(stack, console)
    except Stopped:
        return
    except EnvironmentProblem as problem:
        environment.fail(str(problem))
    environment.fail(f"the supervisor ended: see {env.logs_dir}/supervisord.log")


if __name__ == "__main__":
    main()
