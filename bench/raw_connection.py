"""HTTP and WebSocket as a load needs them: as little work as possible, for client and service share the processors."""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOPBACK = "127.0.0.1"
TEXT, PING, PONG = 0x1, 0x9, 0xA
KIND, MASKED, FINAL = 0xF, 0x80, 0x80
SHORT, MEDIUM = 125, 126
SWITCHED = 101


class Broken(Exception):  # noqa: N818  what the other side did
    """The other side ended the connection or said what nobody understands."""


class RawConnection:
    """One connection to the service on loopback."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(LOOPBACK, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()

    async def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> tuple[int, bytes]:
        """The status and the body of one answer."""
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        size = f"content-length: {len(body)}\r\n" if body or method == "POST" else ""
        self._write(f"{method} {path} HTTP/1.1\r\nhost: localhost:{self.port}\r\n{told}{size}\r\n".encode() + body)
        status, length = await self._head()
        return status, await self._exactly(length)

    async def switch(self, path: str, headers: Mapping[str, str]) -> None:
        """Become a WebSocket; raises Broken if the service does not let it."""
        key = base64.b64encode(os.urandom(16)).decode()
        asked = {
            "upgrade": "websocket",
            "connection": "Upgrade",
            "sec-websocket-version": "13",
            "sec-websocket-key": key,
        }
        status, _ = await self.ask("GET", path, {**headers, **asked})
        if status != SWITCHED:
            raise Broken(f"WebSocket: {status}")

    def say(self, text: str) -> None:
        """Send a short text over the WebSocket."""
        self._frame(TEXT, text.encode())

    async def hear(self) -> str:
        """The next text of the WebSocket, pings answered meanwhile; raises Broken when it ends."""
        while True:
            kind, size = await self._exactly(2)
            if size == MEDIUM:
                [size] = struct.unpack(">H", await self._exactly(2))
            raw = await self._exactly(size)
            if kind & KIND == TEXT:
                return raw.decode()
            if kind & KIND != PING:
                raise Broken("the WebSocket ended")
            self._frame(PONG, raw)

    def _frame(self, kind: int, raw: bytes) -> None:
        """Write one frame, masked as clients must (RFC 6455 5.2)."""
        mask = os.urandom(4)
        masked = bytes(letter ^ mask[place % 4] for place, letter in enumerate(raw))
        size = bytes([MASKED | len(raw)]) if len(raw) <= SHORT else struct.pack(">BH", MASKED | MEDIUM, len(raw))
        self._write(bytes([FINAL | kind]) + size + mask + masked)

    async def _head(self) -> tuple[int, int]:
        if self._reader is None:
            raise Broken("not open")
        try:
            head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        except asyncio.IncompleteReadError:
            raise Broken("no answer") from None
        _, found, rest = head.partition(b"content-length:")
        return int(head[9:12]), int(rest.partition(b"\r\n")[0]) if found else 0

    async def _exactly(self, count: int) -> bytes:
        if self._reader is None:
            raise Broken("not open")
        try:
            return await self._reader.readexactly(count)
        except asyncio.IncompleteReadError:
            raise Broken("half an answer") from None

    def _write(self, data: bytes) -> None:
        if self._writer is None:
            raise Broken("not open")
        self._writer.write(data)
