"""`python -m smartident_laptop`, which is `make run`: the whole service on this laptop until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from smartident_client.wire import WireError
from smartident_laptop.child import serve_parent
from smartident_laptop.demo.accounts import MIRIAM
from smartident_laptop.ports import PortTaken
from smartident_laptop.run_file import published
from smartident_laptop.runtime.containers import FunctionFailed
from smartident_laptop.stack import Stack
from smartident_laptop.template import ROOT
from smartident_laptop.terminal import Terminal
from smartident_laptop.watch import Watcher

if TYPE_CHECKING:
    from types import FrameType

PORT_TAKEN = 2
BROKEN = 1
STATE = ROOT / ".local"
PHONE = STATE / "phone.json"


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make run", description="smartIDENT on this laptop: API, WebSocket, pages and SMS inbox on one port."
    )
    parser.add_argument("--port", type=_port, default=8080, help="for API, WebSocket and pages (default 8080; 0: any)")
    parser.add_argument("--cloud-port", type=_port, default=0, help="for moto, the cloud behind it (default: any)")
    parser.add_argument("--no-reload", action="store_true", help="keep the functions as they are when files change")
    parser.add_argument(
        "--logs", action="store_true", help="show what the functions log here, not in .local/functions.log"
    )
    parser.add_argument(
        "--child", action="store_true", help="for programs: any port, one line of JSON, until standard input closes"
    )
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65_535:  # noqa: PLR2004  the highest port there is
        raise ValueError(text)
    return number


def _enrolled(stack: Stack, terminal: Terminal) -> bool:
    """Whether Miriam's phone could be enrolled; where a function is being mended, the rest runs without it."""
    try:
        stack.enrol(MIRIAM, PHONE)
    except (WireError, StopIteration, ValueError) as error:
        terminal.problem(f"Das Telefon von {MIRIAM.display_name} ist nicht eingerichtet: {error}")
        return False
    return True


def _until_asked_to_stop() -> threading.Event:
    """An event that Ctrl-C sets."""
    asked = threading.Event()

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.set()
        signal.signal(number, signal.SIG_DFL)  # a second Ctrl-C ends what the first could not

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return asked


def _run(stack: Stack, terminal: Terminal, *, reloads: bool, log: Path | None) -> None:
    """Serve until Ctrl-C."""
    asked_to_stop = _until_asked_to_stop()
    with ExitStack() as running:
        with terminal.starting():
            running.enter_context(stack)
            enrolled = _enrolled(stack, terminal)
        if reloads:
            running.callback(Watcher(stack, terminal).stop)
        running.enter_context(published(stack))
        terminal.welcome(stack, phone=PHONE if enrolled else None, log=log)
        asked_to_stop.wait()
        terminal.stopping()


def main(arguments: list[str]) -> int:
    """Run until Ctrl-C; the exit code."""
    options = _options(arguments)
    if options.child:
        return serve_parent()
    terminal = Terminal()
    STATE.mkdir(mode=0o700, exist_ok=True)
    log_file = None if options.logs else STATE / "functions.log"
    with (log_file or Path("/dev/stderr")).open("w", encoding="utf-8") as log:
        stack = Stack(
            options.port,
            cloud_port=options.cloud_port,
            log=log,
            on_request=terminal.request,
            on_failure=terminal.failure,
        )
        try:
            _run(stack, terminal, reloads=not options.no_reload, log=log_file)
        except PortTaken as taken:
            terminal.problem(str(taken))
            return PORT_TAKEN
        except FunctionFailed as failure:
            terminal.failure(str(failure))
            return BROKEN
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
