"""Reads the functions anew when their files change."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import watchfiles

from smartident_laptop.runtime.containers import FunctionFailed
from smartident_laptop.template import ROOT, TEMPLATE

if TYPE_CHECKING:
    from smartident_laptop.stack import Stack
    from smartident_laptop.terminal import Terminal


class Watcher:
    """Watches functions/ and the template beside the running stack."""

    def __init__(self, stack: Stack, terminal: Terminal) -> None:
        self._stack = stack
        self._teller = terminal
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._stopping.set()
        self._thread.join()

    def _watch(self) -> None:
        changes = watchfiles.watch(
            ROOT / "functions",
            TEMPLATE,
            watch_filter=watchfiles.PythonFilter(extra_extensions=[".yaml"]),
            stop_event=self._stopping,
            rust_timeout=200,
            raise_interrupt=False,
        )
        for changed in changes:
            if any(path == str(TEMPLATE) for _, path in changed):
                self._teller.restart_needed()
                continue
            try:
                self._stack.reload()
            except FunctionFailed as failure:
                self._teller.not_reloaded(str(failure))
            else:
                self._teller.reloaded(len(changed))
