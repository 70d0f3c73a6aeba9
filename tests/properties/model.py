"""What must be true of a login, kept beside the service by somebody who only watches."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local.template import ROOT
from smartident.settings import settings

if TYPE_CHECKING:
    from smartident.openings import Opened
    from tests.world import Phone

OVER = {"completed", "denied", "cancelled", "expired"}


def documented() -> set[tuple[str, str]]:
    """The transitions of a login as docs/flow.md draws them."""
    text = (ROOT / "docs" / "flow.md").read_text()
    diagram = text.partition("## A login")[2].partition("```mermaid")[2].partition("```")[0]
    return {(found[1], found[2]) for found in re.finditer(r"(\w+) --> (\w+):", diagram)}


@dataclass
class Watched:
    """One login, who began it, and what became of it as far as the outside saw."""

    opened: Opened
    access: int
    expires_at: int
    state: str = "pending"
    decided_by: Phone | None = None
    approved_at: int = 0
    completed_at: int = 0
    sessions: set[str] = field(default_factory=set)
    moves: set[tuple[str, str]] = field(default_factory=set)

    def move(self, state: str) -> None:
        """Become another; what is over stays as it is."""
        assert self.state not in OVER, (self.state, state)
        self.moves.add((self.state, state))
        self.state = state

    def age(self, now: int) -> None:
        """Let time end it."""
        window = settings().completion_window
        over = {"pending": self.expires_at, "approved": self.approved_at + window}.get(self.state)
        if over is not None and over <= now:
            self.move("expired")


@dataclass
class Enrolment:
    """One registration and the phone that began it."""

    registered: object
    phone: Phone
    access: int
    code: str
    sent_at: int
    sends: int = 1
    tries: int = 0
    verified: bool = False
