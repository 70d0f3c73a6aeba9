"""The little WebSocket client that the crowd has, against one that others wrote."""

from __future__ import annotations

import asyncio

from websockets.asyncio.server import ServerConnection, serve

from bench.raw_connection import Broken, RawConnection


async def talk(words: str) -> tuple[list[str], float]:
    """What a server hears and answers, who also pings; and that its end is told."""
    heard: list[str] = []
    pings: list[float] = []

    async def answering(socket: ServerConnection) -> None:
        heard.append(str(await socket.recv()))
        pings.append(await (await socket.ping()))
        await socket.send(f"{heard[-1]}!")

    async with serve(answering, "127.0.0.1", 0) as server, RawConnection(server.sockets[0].getsockname()[1]) as wire:
        await wire.switch("/", {})
        wire.say(words)
        heard.append(await wire.hear())
        try:
            await wire.hear()
        except Broken:
            heard.append("the end")
    return heard, pings[0]


def test_texts_go_both_ways_pings_are_answered_and_the_end_is_told() -> None:
    for words in ("kurz", "länger " * 40):
        heard, ping = asyncio.run(talk(words))
        assert heard == [words, f"{words}!", "the end"]
        assert ping >= 0
