"""Two phones of one person, the old of which has signed that it leaves for the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from freeze.step import freeze, open_again
from smartident.accounts.account import read_account
from smartident.accounts.audit_log import AuditRecordRow
from smartident.storage.table import DAY
from tests.freeze.test_by_device import opening

if TYPE_CHECKING:
    from tests.support.world import Phone, World


class Pair:
    """An account with an old phone that has let a new one in, and has signed that it leaves."""

    def __init__(self, world: World, **how: Any) -> None:
        self.world, self.anna = world, world.account()
        self.old = world.phone(self.anna)
        world.later(2 * DAY)
        self.new = world.paired_phone(self.old, self.anna, **{"retire": True, **how})
        self.world.later(1)

    @property
    def both(self) -> set[str]:
        return {self.old.key.thumbprint, self.new.key.thumbprint}

    def log_in(self, phone: Phone | None = None) -> None:
        started = self.world.start(self.anna)
        self.world.approve(phone or self.new, started)
        self.world.later(1)
        self.world.complete(started)
        self.world.later(1)

    def retire(self) -> None:
        """The new phone logs in, and asks what waits."""
        self.log_in()
        self.world.listed(self.new)

    def count(self) -> int:
        found = read_account(self.anna.id)
        assert found is not None
        return found.active_devices

    def records(self, kind: str) -> list[AuditRecordRow]:
        return [row for row in AuditRecordRow.query(self.anna.id) if row.type == kind]

    def freeze(self, phone: Phone) -> None:
        freeze(
            request=phone.request("POST", "/v1/account/freeze", now=self.world.now),
            push=self.world.push,
            now=self.world.now,
        )

    def open(self, phone: Phone) -> None:
        """The phone opens the account again."""
        request = phone.request("POST", "/v1/account/open", now=self.world.now)
        open_again(opening(self.world, phone), request=request, now=self.world.now)
