"""What must be true of a login, kept beside the service by somebody who only watches."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smartident.settings import settings
from smartident_laptop.template import ROOT

if TYPE_CHECKING:
    from smartident.logins.start import StartedLogin
    from tests.support.world import Phone

OVER = {"completed", "denied", "cancelled", "expired"}
# What a page without a phone can do to a login, and so all that ever becomes of a decoy.
UNDECIDED = {("pending", "cancelled"), ("pending", "expired")}


def documented() -> set[tuple[str, str]]:
    """The transitions of a login as docs/flow.md draws them."""
    text = (ROOT / "docs" / "flow.md").read_text()
    diagram = text.partition("## A login")[2].partition("```mermaid")[2].partition("```")[0]
    return {(found[1], found[2]) for found in re.finditer(r"(\w+) --> (\w+):", diagram)}


@dataclass
class Watched:
    """One login, who began it (nobody has the name of some decoys), and what became of it as the outside saw."""

    started: StartedLogin
    account: int | None
    is_decoy: bool = False
    state: str = "pending"
    decided_by: Phone | None = None
    reason: str = ""
    approved_at: int = 0
    completed_at: int = 0
    connections: int = 0
    sessions: set[str] = field(default_factory=set)
    moves: set[tuple[str, str]] = field(default_factory=set)

    @property
    def client_address(self) -> str:
        """Where it was started from, hashed."""
        return self.started.login.client_address

    @property
    def stored(self) -> str:
        """How the table names its state."""
        decoys = {"pending": "decoy", "cancelled": "decoy_cancelled"} if self.is_decoy else {}
        return decoys.get(self.state, self.state)

    def was_approved_by(self, hand: Phone) -> bool:
        """Whether this phone approved it and nobody took that back: saying so again hears the same, even late."""
        return self.decided_by is hand and self.state in {"approved", "completed", "expired"}

    def is_over(self, now: int) -> bool:
        """Whether its time to be decided is over."""
        return self.started.login.expires_at <= now

    def move(self, state: str) -> None:
        """Become another; what is over stays as it is."""
        assert self.state not in OVER, (self.state, state)
        self.moves.add((self.state, state))
        self.state = state

    def age(self, now: int) -> None:
        """Let time end it."""
        window = settings().completion_window
        over = {"pending": self.is_over(now), "approved": self.approved_at + window <= now}
        if over.get(self.state):
            self.move("expired")


@dataclass
class Attempts:
    """The attempts that an account counts, and the addresses that it blocks, as far as the outside can tell."""

    counted: dict[str, int] = field(default_factory=dict)
    blocked_until: dict[str, int] = field(default_factory=dict)

    def blocks(self, client_address: str, now: int) -> bool:
        """Whether that client address has to wait, whatever its password."""
        return self.blocked_until.get(client_address, 0) > now

    def count(self, client_address: str, now: int) -> None:
        """A password is tried: an address that has to wait is not even counted."""
        if not self.blocks(client_address, now):
            self.counted[client_address] = self.counted.get(client_address, 0) + 1

    def settle(self, client_address: str, now: int) -> None:
        """The password was right, and that is told."""
        if not self.blocks(client_address, now):
            self.counted.pop(client_address, None)
            self.blocked_until.pop(client_address, None)

    def settle_completed(self, login: Watched) -> None:
        """A login is completed: its attempts were right, unless its address was blocked since the login began."""
        if (
            login.client_address in self.counted
            and self.blocked_until.get(login.client_address) == login.started.login.address_blocked_until
        ):
            del self.counted[login.client_address]
            self.blocked_until.pop(login.client_address, None)


@dataclass
class Enrolment:
    """One registration and the phone that began it."""

    registered: object
    phone: Phone
    account: int
    code: str
    sent_at: int
    sends: int = 1
    codes: set[str] = field(default_factory=set)
    verified: bool = False
