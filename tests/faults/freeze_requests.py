"""A freeze and its opening, asked for by a phone or by the link of a notice, with any answer of AWS lost on the way."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from smartident.accounts.account import read_account
from smartident.accounts.audit_log import AuditRecordRow
from smartident.freeze.freeze import freeze_account
from smartident.notices.freeze_link import freeze_token
from smartident.notices.outbox import recent_notices
from smartident_client.approval_keys import signed_opening
from tests.faults.exchange import Case, Exchange
from tests.faults.person import Person, expect, newcomer

if TYPE_CHECKING:
    from tests.support.world import Phone, World

DAY = 86_400
FREEZE, OPEN, BY_NOTICE = "POST /v1/account/freeze", "POST /v1/account/open", "POST /v1/notices/freeze"


def freezing(world: World) -> Exchange:
    """A phone freezes the account, in which a login waits."""
    anna, phone, login = _waiting(world)

    def holds(_: Exchange) -> None:
        _frozen_once(anna, phone, login)

    asked = ("POST", "/v1/account/freeze", None)
    return Exchange(anna, anna.signed(phone, *asked), partial(anna.ask, phone, *asked), {"204"}, holds)


def freezing_by_notice(world: World) -> Exchange:
    """The button behind the link of a notice; opened again, the link is worth nothing."""
    anna, phone, login = _waiting(world)
    token = freeze_token(recent_notices(anna.account.id, since=0)[0])

    def holds(_: Exchange) -> None:
        _frozen_once(anna, phone, login)

    send = partial(anna.browse, "POST", "/v1/notices/freeze", {"token": token})
    return Exchange(anna, send, send, {"204"}, holds)


def opening(world: World) -> Exchange:
    """A phone that the account had a day before opens it."""
    anna, phone, _ = _waiting(world)
    world.later(DAY)
    freeze_account(anna.account.id, operator="petra", now=world.now)
    frozen = expect(anna.ask(phone, "GET", "/v1/approvals"), "200")["frozen"]
    ask = signed_opening(phone.approval, phone.account_id, frozen["frozen_at"], now=world.now)

    def holds(_: Exchange) -> None:
        assert _records(anna).count("account_opened") == 1
        expect(anna.log_in(), "201")

    asked = ("POST", "/v1/account/open", ask)
    return Exchange(anna, anna.signed(phone, *asked), partial(anna.ask, phone, *asked), {"204"}, holds)


def _waiting(world: World) -> tuple[Person, Phone, dict[str, Any]]:
    anna = newcomer(world)
    phone = anna.phone()
    return anna, phone, expect(anna.log_in(), "201")


def _frozen_once(anna: Person, phone: Phone, login: dict[str, Any]) -> None:
    account = read_account(anna.account.id)
    assert account is not None
    assert (account.frozen, _records(anna).count("account_frozen")) == (True, 1)
    assert [one.event for one in recent_notices(account.id, since=0)].count("account_frozen") == 1
    expect(anna.complete(login), "403 login_denied")
    expect(anna.log_in(), "401 invalid_credentials")
    assert expect(anna.ask(phone, "GET", "/v1/approvals"), "200")["approvals"] == []


def _records(anna: Person) -> list[str]:
    return [row.type for row in AuditRecordRow.query(anna.account.id, AuditRecordRow.sk.startswith("RECORD#"))]


FREEZE_CASES = [
    # A login in between would be refused, and rightly.
    Case(FREEZE, freezing, scarce=True),
    Case(BY_NOTICE, freezing_by_notice, scarce=True),
    Case(OPEN, opening, scarce=True),
]
