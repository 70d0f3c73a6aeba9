"""One POST to an address that somebody else named: no redirect, no second try, and an end after two seconds."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from smartident.outbound.address import AddressRefused, is_public, target_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smartident.outbound.address import Target

SECONDS = 2.0
MAX_ADDRESSES = 2


class NotDelivered(Exception):  # noqa: N818  named as a refusal is; no caller of the API hears it
    """Nobody answered, or only an address that the service does not call; the message never names it."""


@dataclass(frozen=True)
class Answer:
    """What the other side answered; its body is read by nobody."""

    status: int
    retry_after: str | None


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS) -> Answer:
    """Post once, to the address that the host's name resolved to, all within these seconds; raises NotDelivered."""
    try:
        target = target_of(url)
    except AddressRefused as refused:
        raise NotDelivered(str(refused)) from None
    exchange = _Exchange(target, body, headers, seconds)
    exchange.start()
    # Every single wait of the network has a time of its own (a slow name server, two addresses, an answer byte by
    # byte), and only the end of all of them together bounds how long the function is held.
    exchange.join(seconds)
    return exchange.outcome()


class _Exchange(threading.Thread):
    """One request and its answer, which the function stops waiting for."""

    def __init__(self, target: Target, body: bytes, headers: Mapping[str, str], seconds: float) -> None:
        super().__init__(daemon=True)
        self._connection = _Pinned(target, seconds)
        self._request = ("POST", target.path, body, {**headers, "Connection": "close"})
        self._outcome: Answer | Exception = NotDelivered("no answer in time")

    def run(self) -> None:
        """Keep what came of it."""
        try:
            self._connection.request(*self._request)
            response = self._connection.getresponse()
            self._outcome = Answer(response.status, response.getheader("Retry-After"))
        except AddressRefused as refused:
            self._outcome = NotDelivered(str(refused))
        except (OSError, http.client.HTTPException) as error:
            self._outcome = NotDelivered(type(error).__name__)
        except Exception as error:  # noqa: BLE001  the caller that waits raises it: a thread's own is printed, values and all
            self._outcome = error
        finally:
            self._connection.close()

    def outcome(self) -> Answer:
        """The answer, if it is there by now; raises what came instead."""
        if self.is_alive():
            self._connection.give_up()
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


def _resolved(target: Target) -> list[str]:
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDelivered("no such host") from None
    addresses = [str(entry[4][0]) for entry in found]
    # One name with a public and an inner address is a trick, not an accident.
    if not addresses or not all(map(is_public, addresses)):
        raise AddressRefused("special-use address")
    # A function outside a VPC has no way out by IPv6.
    return sorted(addresses, key=lambda one: ":" in one)[:MAX_ADDRESSES]


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, whatever the name resolves to a moment later."""

    def __init__(self, target: Target, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._target = target

    def connect(self) -> None:
        """Connect to the first address that answers, and check the certificate against the name."""
        self.sock = self._connected()
        if self._target.secure:
            # The handshake comes after, so that `give_up` ends it too.
            name = self._target.host
            self.sock = _trusted().wrap_socket(self.sock, server_hostname=name, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def give_up(self) -> None:
        """End whatever is being waited for."""
        # The other side may have closed it meanwhile.
        with suppress(OSError):
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)

    def _connected(self) -> socket.socket:
        *others, last = _resolved(self._target)
        for address in others:
            with suppress(OSError):
                return socket.create_connection((address, self._target.port), self.timeout)
        return socket.create_connection((last, self._target.port), self.timeout)
