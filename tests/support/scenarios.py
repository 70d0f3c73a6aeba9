"""A scene that many tests begin with: a person, her phone, and a login that waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smartident.accounts.account import Account
from smartident.approvals.decide import Approve, Deny
from smartident.logins.login import LoginRow
from smartident.logins.start import StartedLogin
from smartident_client import base64url
from smartident_client.keys import Curve
from tests.support import forged_evidence
from tests.support.world import Phone, World

NOT_ME, CHANGED_MY_MIND = Deny("not_me"), Deny("changed_my_mind")


@dataclass
class Scene:
    """Anna, her phone in hand, and a login that waits for it."""

    world: World
    anna: Account
    phone: Phone
    started: StartedLogin

    @property
    def statement(self) -> str:
        return base64url.encode(self.started.login.statement.encode())

    @property
    def code(self) -> str:
        return self.started.transfer_code or ""

    def say(self, **changes: Any) -> dict[str, Any]:
        return forged_evidence.decision(self.statement, self.code, now=self.world.now, changes=changes)

    def decide(self, evidence: dict[str, Any]) -> str:
        return self.world.decide(self.phone, self.started.login.id, Approve(evidence))

    def row(self) -> LoginRow:
        account_id, _, part = self.started.login.id.partition(".")
        return LoginRow.get(account_id, f"LOGIN#{part}", consistent_read=True)

    def still_waits(self) -> bool:
        row = self.row()
        undecided: set[Any] = {row.decided_by, row.receipt}
        return row.state == "pending" and undecided == {None} and len(self.world.push) == 0


def scene_of(world: World, kind: str = "jwk", curve: Curve = "P-256") -> Scene:
    anna = world.account()
    phone = world.phone(anna, kind, curve)
    return Scene(world, anna, phone, world.started(anna))
