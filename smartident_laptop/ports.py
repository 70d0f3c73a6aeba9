"""Ports on loopback: bound before anything else starts, so that a taken one is told at once and in plain words."""

from __future__ import annotations

import errno
import socket

LOOPBACK = "127.0.0.1"
EVERY_INTERFACE = "0.0.0.0"  # noqa: S104  for a phone in the same network, where the developer asks for it  # nosec B104


class PortTaken(Exception):  # noqa: N818  a state of the laptop
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} ist schon belegt: beenden Sie das andere Programm oder wählen Sie einen anderen Port. / "
            f"Port {port} is already in use: stop the other program or choose another port."
        )
        self.port = port


def bind(port: int, address: str = LOOPBACK) -> socket.socket:
    """A socket bound to a port of loopback, 0 for any free one; raises PortTaken."""
    # Named TCP, the protocol makes asyncio switch Nagle's algorithm off: 40 ms less for every kept-alive answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise PortTaken(port) from None
        raise
    return listener
