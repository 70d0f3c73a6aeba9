"""A check after the other, each with its verdict: what holds, what does not, and what nobody could ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from labs.rehearsal.blind_spots import BLIND_SPOTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from labs.smoke.world import World

Outcome = Literal["holds", "FAILS", "not asked"]


class Failed(Exception):  # noqa: N818  what happened
    """AWS does otherwise: the text says what it did."""


class NotAsked(Exception):  # noqa: N818  what happened
    """Nobody could ask from here: the text says why."""


@dataclass(frozen=True)
class Verdict:
    """What came of one question."""

    id: str
    outcome: Outcome
    sentence: str
    because: str = ""

    def __str__(self) -> str:
        because = f"\n           {self.because}" if self.because else ""
        return f"{self.outcome:<9}  {self.sentence}{because}"


def ask(checks: Mapping[str, Callable[[World], None]], world: World, say: Callable[[str], None]) -> list[Verdict]:
    """Ask for every blind spot of the stand-in, in order; no check ends the others, whatever it meets."""
    found = []
    for spot in BLIND_SPOTS:
        verdict = _asked(checks[spot.id], world, spot.id, spot.sentence)
        say(str(verdict))
        found.append(verdict)
    return found


def _asked(check: Callable[[World], None], world: World, spot: str, sentence: str) -> Verdict:
    try:
        check(world)
    except NotAsked as unasked:
        return Verdict(spot, "not asked", sentence, str(unasked))
    except Failed as failed:
        return Verdict(spot, "FAILS", sentence, str(failed))
    except Exception as error:  # noqa: BLE001  whatever a check meets is its verdict, and the next one is asked
        return Verdict(spot, "FAILS", sentence, f"{type(error).__name__}: {error}")
    return Verdict(spot, "holds", sentence)
