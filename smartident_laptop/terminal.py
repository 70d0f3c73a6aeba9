"""What `make run` says: what to open, who can log in, and what happens meanwhile."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from smartident_laptop.demo.accounts import (
    CUSTOMER,
    DEMO_ACCOUNTS,
    DEMO_BANK_CLIENT,
    DEMO_CLIENT,
    DEMO_REDIRECT_URIS,
    DEMO_SECRET,
    MIRIAM,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rich.status import Status

    from smartident_laptop.stack import Stack


class Terminal:
    """Speaks on the terminal, one line or panel at a time."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._lock = threading.Lock()

    def starting(self) -> Status:
        """A sign of life while everything starts."""
        return self._console.status("smartIDENT startet …")

    def welcome(self, stack: Stack, *, phone: Path | None, log: Path | None) -> None:
        """What to open and which credentials to use."""
        lines = Table.grid(padding=(0, 2))
        for name, value in (
            ("Anmelden", f"{stack.url}/financeapp/"),
            ("App", f"{stack.url}/app/"),
            ("Demo-Seite", f"{stack.url}/demo/"),
            ("SMS-Eingang", f"{stack.url}/sms"),
            ("E-Mails", f"{stack.url}/mail"),
            ("API", f"{stack.url}/v1   WebSocket {stack.websocket_url}"),
            ("Doku", f"{stack.url}/docs/"),
            ("Protokoll", "" if log is None else _shown(log)),
        ):
            if value:
                lines.add_row(Text(name, style="dim"), Text(value, style="bold"))
        with self._lock:
            self._console.print(Panel(lines, title="smartIDENT läuft", expand=False, border_style="green"))
            self._console.print(_people())
            self._console.print(_provider(stack.url))
            if phone is not None:
                file = _shown(phone)
                self._console.print(
                    f"Freigabe von der Kommandozeile (Miriam Vogt), in diesem Ordner:\n  "
                    f".venv/bin/smartident phone approvals --url {stack.url} --file {file}",
                    soft_wrap=True,
                )
            self._console.print("Strg+C beendet alles; gespeichert wird nichts.\n", style="dim")

    def request(self, method: str, path: str, status: int, seconds: float) -> None:
        """One answered request."""
        style = "red" if status >= 500 else "yellow" if status >= 400 else "green"  # noqa: PLR2004  HTTP's classes
        line = Text.assemble((f"{status} ", style), f"{method:6} {path}", (f"  {seconds * 1000:.0f} ms", "dim"))
        with self._lock:
            self._console.print(line, soft_wrap=True)

    def failure(self, trace: str) -> None:
        """A function raised."""
        self.problem(trace.rstrip())

    def problem(self, text: str) -> None:
        """Something that the developer has to mend."""
        with self._lock:
            self._console.print(Text(text, style="red"), soft_wrap=True)

    def reloaded(self, files: int) -> None:
        """The functions were read anew."""
        with self._lock:
            self._console.print(f"neu geladen: functions/ ({files} Datei{'' if files == 1 else 'en'})", style="cyan")

    def not_reloaded(self, reason: str) -> None:
        """The functions could not be read anew."""
        self.problem(f"nicht neu geladen, die alten Funktionen laufen weiter: {reason}")

    def restart_needed(self) -> None:
        """The template changed, which only a restart takes up."""
        with self._lock:
            self._console.print("template.yaml hat sich geändert: bitte neu starten (Strg+C, make run)", style="yellow")

    def stopping(self) -> None:
        """Ctrl-C was heard."""
        with self._lock:
            self._console.print("\nsmartIDENT ist beendet.", style="dim")


def _shown(path: Path) -> str:
    return str(path.relative_to(path.parent.parent))


def _provider(url: str) -> Text:
    """What a program of one's own is told to log in here by OpenID Connect."""
    return Text.assemble(
        "OpenID Connect zum Ausprobieren\n",
        (f"  Issuer {url} · Client {DEMO_CLIENT} · Secret {DEMO_SECRET}\n", "dim"),
        (f"  Redirect URI {DEMO_REDIRECT_URIS[0]}, auch mit 127.0.0.1 und mit den Ports 8000 und 8080\n", "dim"),
        ('  Eine andere: make run ARGS="--redirect-uri URL"\n', "dim"),
        (f"  Ohne Anmeldeseite (CIBA): Client {DEMO_BANK_CLIENT}, login_hint {CUSTOMER}{MIRIAM.number}\n", "dim"),
    )


def _people() -> Table:
    table = Table(title="Zugänge zum Ausprobieren", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1))
    for column in ("Name", "Nummer", "E-Mail", "Passwort"):
        table.add_column(column, no_wrap=True)
    for person in DEMO_ACCOUNTS:
        name = Text.assemble(person.display_name, "\n", (person.kind, "dim"))
        table.add_row(name, person.grouped_number, person.email, person.password)
    return table
