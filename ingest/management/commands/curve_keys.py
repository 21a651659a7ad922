"""`manage.py curve_keys`: who may send to the receiver's encrypted addresses."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import zmq
from django.core.management.base import BaseCommand, CommandError

import environment
from curve_keys import KeyFolder, KeyProblem

FOR_THE_PI = """\
# CURVE keys of {name}: put these three lines into a file on that Pi that its user alone can read (chmod 600).
server={server}
public={public}
secret={secret}"""


class Command(BaseCommand):
    """Make, authorise, list and remove keys; the receiver heeds it within a second, without a restart."""

    help = "Keys of cameras that send encrypted, see docs/encryption.md."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One action and what it takes."""
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("server", help="make the hub's key, if there is none, and print its public half")
        add = actions.add_parser("add", help="make a key for a Pi and print what to put there; its secret is not kept")
        add.add_argument("name")
        # A key may begin with a dash, which is to be no sign of an option here.
        authorise = actions.add_parser(
            "authorise", help="let in a Pi that made its key itself", prefix_chars="\0", add_help=False
        )
        authorise.add_argument("name")
        authorise.add_argument("public", help="its public key in Z85, in quotation marks")
        actions.add_parser("list", help="who may send")
        actions.add_parser("remove", help="let a Pi send no more").add_argument("name")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it."""
        env = environment.stop_on_problem()
        environment.make_data_dir(env.data_dir)
        try:
            self.act(KeyFolder(env.curve_dir), options)
        except KeyProblem as problem:
            raise CommandError(str(problem)) from None
        except OSError as problem:
            raise CommandError(f"{env.curve_dir} cannot be used: {problem.strerror}.") from None

    def act(self, folder: KeyFolder, options: dict[str, Any]) -> None:
        """One action."""
        action = options["action"]
        server = folder.server()[0].decode()
        if action == "server":
            self.stdout.write(server)
        elif action == "add":
            public, secret = zmq.curve_keypair()
            folder.authorise(options["name"], public)
            facts = {"name": options["name"], "server": server, "public": public.decode(), "secret": secret.decode()}
            self.stdout.write(FOR_THE_PI.format(**facts))
        elif action == "authorise":
            folder.authorise(options["name"], options["public"].encode())
            self.stdout.write(f"{options['name']} may send now; the hub's public key is {server}")
        elif action == "remove":
            folder.remove(options["name"])
            self.stdout.write(f"{options['name']} may send no more.")
        else:
            for name, key in folder.names().items():
                self.stdout.write(f"{name}\t{key.decode()}")
