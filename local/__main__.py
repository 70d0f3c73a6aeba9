"""`python -m local`, which is `make run`: the whole service on this laptop until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from local.containers import FunctionFailed
from local.people import MIRIAM
from local.ports import PortTaken
from local.stack import Stack
from local.template import ROOT
from local.watch import Watcher
from local.welcome import Teller
from local.whereabouts import told
from smartident_client.wire import WireError

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
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65_535:  # noqa: PLR2004  the highest port there is
        raise ValueError(text)
    return number


def _enrolled(stack: Stack, teller: Teller) -> bool:
    """Whether Miriam's phone could be enrolled; where a function is being mended, the rest runs without it."""
    try:
        stack.enrol(MIRIAM, PHONE)
    except (WireError, StopIteration, ValueError) as error:
        teller.problem(f"Das Telefon von {MIRIAM.display_name} ist nicht eingerichtet: {error}")
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


def _run(stack: Stack, teller: Teller, *, reloads: bool, log: Path | None) -> None:
    """Serve until Ctrl-C."""
    asked_to_stop = _until_asked_to_stop()
    with ExitStack() as running:
        with teller.starting():
            running.enter_context(stack)
            enrolled = _enrolled(stack, teller)
        if reloads:
            running.callback(Watcher(stack, teller).stop)
        running.enter_context(told(stack))
        teller.welcome(stack, phone=PHONE if enrolled else None, log=log)
        asked_to_stop.wait()
        teller.stopping()


def main(arguments: list[str]) -> int:
    """Run until Ctrl-C; the exit code."""
    options = _options(arguments)
    teller = Teller()
    STATE.mkdir(mode=0o700, exist_ok=True)
    shown = None if options.logs else STATE / "functions.log"
    with (shown or Path("/dev/stderr")).open("w", encoding="utf-8") as log:
        stack = Stack(options.port, cloud_port=options.cloud_port, log=log, told=teller.request, failed=teller.failure)
        try:
            _run(stack, teller, reloads=not options.no_reload, log=shown)
        except PortTaken as taken:
            teller.problem(str(taken))
            return PORT_TAKEN
        except FunctionFailed as failure:
            teller.failure(str(failure))
            return BROKEN
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
