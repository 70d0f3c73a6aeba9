"""`python -m bench.replay_server FD CASSETTE`: an AWS that answers from a cassette, in a process that is not counted.

Speaks HTTP/1.1 on an inherited listening socket, ends when its standard input closes. `POST /journey/NAME` rewinds the
cassette to a journey; every further call must be the journey's next one, and after its last one its first.
"""

from __future__ import annotations

import socket
import sys
import threading
import zlib
from pathlib import Path
from urllib.parse import parse_qs

from bench.cassette import Call, Cassette
from smartident_laptop.moto import keepalive_server


class Replay:
    """Where the cassette stands."""

    def __init__(self, cassette: Cassette) -> None:
        self._journeys = {
            name: [(call.operation, written(call)) for call in calls] for name, calls in cassette.journeys.items()
        }
        self._lasting = {call.operation: written(call) for call in cassette.lasting}
        self._calls: list[tuple[str, bytes]] = []
        self._next = 0

    def answer(self, head: bytes, body: bytes) -> bytes:
        """The answer to a request: 500 for a call that the cassette does not hold here."""
        operation = operation_of(head, body)
        if operation in self._journeys:
            self._calls, self._next = self._journeys[operation], 0
            return plain(200, b"")
        if operation in self._lasting:
            return self._lasting[operation]
        expected, answer = self._calls[self._next % len(self._calls)]
        self._next += 1
        return answer if operation == expected else plain(500, f"{operation}, not {expected}".encode())


def operation_of(head: bytes, body: bytes) -> str:
    """What a request asks for, in each of the protocols that AWS speaks here."""
    path = head.split(b" ", 2)[1].decode()
    if path.startswith("/journey/"):
        return path.rpartition("/")[2]
    if "/@connections/" in path:
        return "PostToConnection"
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"x-amz-target":
            return value.decode().rpartition(".")[2]
    return parse_qs(body.decode())["Action"][0]


def written(call: Call) -> bytes:
    """A recorded answer as AWS writes it, with the checksum that DynamoDB adds."""
    body = call.body.encode()
    return plain(200, body, f"Content-Type: {call.kind}\r\nx-amz-crc32: {zlib.crc32(body)}\r\n")


def plain(status: int, body: bytes, headers: str = "") -> bytes:
    """An answer over HTTP/1.1."""
    head = f"HTTP/1.1 {status} Told\r\nServer: Server\r\nDate: Mon, 23 Nov 2026 09:00:00 GMT\r\n{headers}"
    return f"{head}x-amzn-RequestId: {'A' * 52}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def main(descriptor: int, file: Path) -> None:
    """Serve until standard input closes."""
    replay = Replay(Cassette.read(file))
    listener = socket.socket(fileno=descriptor)

    threading.Thread(target=keepalive_server.serve, args=(listener, replay.answer), daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
