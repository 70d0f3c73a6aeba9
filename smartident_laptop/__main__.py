"""`python -m smartident_laptop`, which is `make run`: the whole service on this laptop until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from smartident_client.wire import WireError
from smartident_laptop.child import serve_parent
from smartident_laptop.demo.accounts import MIRIAM
from smartident_laptop.options import Options, read_options
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


def _enrolled(stack: Stack, terminal: Terminal) -> Path | None:
    """The file of Miriam's phone, if it could be enrolled: where a function is being mended, the rest runs without."""
    file = STATE / f"phone-{stack.port}.json"
    try:
        stack.enrol(MIRIAM, file)
    except (WireError, StopIteration, ValueError) as error:
        terminal.problem(f"Das Telefon von {MIRIAM.display_name} ist nicht eingerichtet: {error}")
        return None
    return file


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
            phone = _enrolled(stack, terminal)
        if reloads:
            running.callback(Watcher(stack, terminal).stop)
        running.enter_context(published(stack))
        terminal.welcome(stack, phone=phone, log=log)
        asked_to_stop.wait()
        terminal.stopping()


def _stack(options: Options, terminal: Terminal) -> Stack:
    return Stack(
        options.port,
        cloud_port=options.cloud_port,
        parameters=options.parameters,
        clients=options.clients,
        origins=options.origins,
        redirect_uris=options.redirect_uris,
        public_url=options.public_url,
        lan=options.lan,
        on_request=terminal.request,
        on_failure=terminal.failure,
    )


def main(arguments: list[str]) -> int:
    """Run until Ctrl-C; the exit code."""
    options = read_options(arguments)
    if options.child:
        return serve_parent()
    terminal = Terminal()
    stack = _stack(options, terminal)
    try:
        # Bound before any file is opened: the files of a stack that has the port already are that stack's.
        stack.bind()
        STATE.mkdir(mode=0o700, exist_ok=True)
        log_file = None if options.logs else STATE / f"functions-{stack.port}.log"
        with (log_file or Path("/dev/stderr")).open("w", encoding="utf-8") as log:
            stack.log = log
            _run(stack, terminal, reloads=options.reloads, log=log_file)
    except PortTaken as taken:
        terminal.problem(str(taken))
        return PORT_TAKEN
    except FunctionFailed as failure:
        terminal.failure(str(failure))
        return BROKEN
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
