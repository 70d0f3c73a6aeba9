"""An ASGI application on a listening socket, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

import uvicorn

if TYPE_CHECKING:
    import socket

FRAME_LIMIT = 128 * 1024


def _is_a_fault(record: logging.LogRecord) -> bool:
    """Whether uvicorn's log line tells of a fault: a refused handshake, which it counts as incomplete, is none."""
    return "without completing handshake" not in record.getMessage()


class Server:
    """Serves until it is stopped; open WebSockets then get a second to end."""

    def __init__(self, app: Any, listener: socket.socket) -> None:
        logging.getLogger("uvicorn.error").addFilter(_is_a_fault)
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                app,
                http="h11",
                ws="websockets-sansio",
                ws_max_size=FRAME_LIMIT,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # nothing stands before the gateway: a caller's X-Forwarded-For is only a claim
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._uvicorn.run, args=([listener],), name="gateway", daemon=True)

    def start(self) -> None:
        """Begin to serve; the socket takes connections already."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self._uvicorn.should_exit = True
        self._thread.join()
