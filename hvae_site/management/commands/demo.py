"""`manage.py demo`: migrate, load the demo, serve it here, and end everything together."""

import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.migrated import missing_migrations
from evaluations.background import ending
from hvae_site import demo
from hvae_site.demo import ten_values

HOST = "127.0.0.1"
START_SECONDS = 60


class Command(BaseCommand):
    help = "Load the demo and serve it on this machine, with a worker; Ctrl-C ends both."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--load-only", action="store_true", help="load the demo, print the sign-ins, no server"
        )

    def handle(self, *, port: int, load_only: bool, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo is for this machine only: unset SITE_MODE=production.")
        if not load_only:
            self.refuse_taken_port(port)
        self.say("Preparing the database")
        self.migrate()
        try:
            demo.load(self.say)
            ten_values.load(self.say)
        except demo.DemoRefused as error:
            raise CommandError(str(error)) from None
        passwords = demo.set_passwords()
        if load_only:
            self.print_sign_ins(passwords)
            return
        with ending.listening() as told, Processes(told) as processes:
            self.say("Starting server and worker")
            processes.start("server", server_command(port))
            processes.start("worker", worker_command())
            processes.wait_until_serving(port)
            self.stdout.write(self.style.SUCCESS(f"\nOpen http://{HOST}:{port}/"))
            self.print_sign_ins(passwords)
            if path := demo.invitation_path():
                self.stdout.write("Or take part in the study without an account:")
                self.stdout.write(f"  http://{HOST}:{port}{path}\n\n")
            self.stdout.write("Ctrl-C ends the server and the worker. Nothing is lost by it.\n")
            processes.wait()
        self.stdout.write("\nServer and worker have ended. `make demo` starts them again.")

    def migrate(self) -> None:
        """Bring the database up to date; a SQLite file of an older version is copied before."""
        try:
            if missing_migrations() and (copy := back_up()):
                self.say(f"This database is of an older version; a copy of it is at {copy}")
        except (OSError, sqlite3.Error) as error:
            raise CommandError(
                f"The database is of an older version, and no copy of it could be made ({error}). "
                "Nothing was changed. Make room, or name another folder: VAR_DIR=var-demo make demo"
            ) from None
        call_command("migrate", verbosity=0)

    def say(self, line: str) -> None:
        self.stdout.write(f"- {line}")
        self.stdout.flush()

    def print_sign_ins(self, passwords: dict[str, str]) -> None:
        self.stdout.write("\nSign in as (passwords are made anew at each start):")
        for username, password in passwords.items():
            self.stdout.write(f"  {username:<12} {password}   {demo.PEOPLE[username].what_for}")
        self.stdout.write("")
        self.stdout.flush()

    def refuse_taken_port(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} on {HOST} cannot be used ({error.strerror}). End what uses it, "
                    f"or take another: make demo PORT={port + 1}"
                ) from None


def back_up() -> Path | None:
    """Copy a SQLite file that holds a table, with all that is committed; returns the copy.

    PostgreSQL has its own means, and whoever has a server there knows them: None.
    """
    file = Path(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or not connection.introspection.table_names():
        return None
    copy = file.with_name(f"{file.name}.before-upgrade-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, whole without others beside it
    return copy


def server_command(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        "--no-access-log",
        *("--host", HOST, "--port", str(port), "--workers", "1", "--blocking-threads", "4"),
        *("--log-level", "error", "hvae_site.wsgi:application"),
    ]


def worker_command() -> list[str]:
    return [sys.executable, "manage.py", "worker"]


class Processes:
    """Children that start, and end, together."""

    def __init__(self, stopping: Callable[[], bool]) -> None:
        self.running: dict[str, subprocess.Popen] = {}
        self.stopping = stopping

    def __enter__(self) -> "Processes":
        return self

    def start(self, name: str, command: list[str]) -> None:
        # In a session of its own a child is not hit by the terminal's Ctrl-C: we end it in order.
        self.running[name] = subprocess.Popen(  # noqa: S603
            command, cwd=settings.BASE_DIR, start_new_session=True
        )

    def check(self) -> None:
        for name, process in self.running.items():
            if process.poll() is not None:
                raise CommandError(
                    f"The {name} ended by itself (status {process.returncode}); its last words are "
                    "above. Everything else was ended too."
                )

    def wait_until_serving(self, port: int) -> None:
        # This machine is never behind a proxy, whatever the environment says.
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        deadline = time.monotonic() + START_SECONDS
        while not self.stopping():
            self.check()
            with suppress(OSError), direct.open(f"http://{HOST}:{port}/", timeout=5):
                return
            if time.monotonic() > deadline:
                raise CommandError(f"The server did not answer within {START_SECONDS} s.")
            time.sleep(0.1)

    def wait(self) -> None:
        while not self.stopping():
            self.check()
            time.sleep(0.3)

    def __exit__(self, *exception: object) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        for process in self.running.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
