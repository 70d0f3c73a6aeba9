"""Crowds: the same thing done by many at the same moment, in real threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, TypeVar

from smartident.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Answer = TypeVar("Answer")


def at_once(*asks: Callable[[], Answer]) -> list[Answer | Refusal]:
    """What each of them got, in their order; a refusal is an answer."""
    gate = Barrier(len(asks))

    def run(ask: Callable[[], Answer]) -> Answer | Refusal:
        gate.wait()
        try:
            return ask()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(run, asks))


def codes(answers: Iterable[object]) -> list[str]:
    """How each was answered: the code of its refusal, or `ok`."""
    return [answer.code if isinstance(answer, Refusal) else "ok" for answer in answers]
