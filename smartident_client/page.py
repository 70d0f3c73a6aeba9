"""The waiting page: it watches its login in the background, as a browser does, and moves on by itself."""

import threading
import time
from contextlib import suppress

from smartident_client.answers import Login, LoginStatus
from smartident_client.browser import Browser
from smartident_client.wire import WireError

CLOSING_SECONDS = 5


class Page:
    """One page of a browser; `opened` when its WebSocket speaks, `moved` when its login is decided."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.opened, self.moved = threading.Event(), threading.Event()
        self.status: LoginStatus = "pending"
        self.moved_at = 0.0
        self._watched: tuple[threading.Thread, Login] | None = None

    def watch(self, login: Login) -> None:
        """Begin to wait for the decision."""
        thread = threading.Thread(target=self._wait, args=(login,), daemon=True)
        self._watched = thread, login
        thread.start()

    def close(self) -> None:
        """Leave the page: a login that nobody decided is given up, which also ends the waiting."""
        if self._watched is None:
            return
        thread, login = self._watched
        if not self.moved.is_set():
            with suppress(WireError):
                self.browser.cancel(login)
        thread.join(timeout=CLOSING_SECONDS)

    def _wait(self, login: Login) -> None:
        with suppress(WireError):
            self.status = self.browser.wait(login, opened=self.opened.set)
            self.moved_at = time.perf_counter()
            self.moved.set()
