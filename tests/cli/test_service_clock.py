"""The operator's command decides by the service's clock: whatever the operator's own clock says, the outcome is one."""

from __future__ import annotations

import ast
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from smartident.accounts.item.row import AccountRow
from smartident.accounts.names import (
    find_accounts,
)
from smartident.errors import Refusal
from smartident.history.events import read_page
from smartident.settings import settings
from smartident_cli.service_clock import NoServiceTime, ServiceClock
from smartident_laptop.template import ROOT
from tests.support.world import NOW, PASSWORD, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident.accounts.account import Account
    from smartident.logins.start import StartedLogin
    from tests.cli.operator import Operator

# Seconds by which the operator's clock is off.
OFF = (-300, -200, 0, 90, 300)
# Seconds after the moment at which an approval runs out.
AROUND_EXPIRY = (-30, -1, 0)
NEW_PASSWORD = "Geheim!-Kanarienvogel"


@contextmanager
def operators_clock(monkeypatch: pytest.MonkeyPatch, world: World, off: int) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: float(world.now + off))
        yield


def no_session(world: World, login: StartedLogin) -> None:
    """Whatever the clock of the function says that completes it."""
    answered_at = world.now
    for off in OFF:
        world.now = answered_at + off
        with pytest.raises(Refusal):
            world.complete(login)
    world.now = answered_at


def events_of(account_id: str, world: World) -> list[dict[str, Any]]:
    events = read_page(account_id, before=None, now=world.now)["events"]
    assert isinstance(events, list)
    return events


def approved_login(world: World, account: Account, *, near: int) -> StartedLogin:
    """A login that a phone approved, so many seconds after its approval ran out."""
    phone = world.phone(account)
    login = world.start(account)
    world.approve(phone, login)
    world.later(settings().completion_window + near)
    return login


@pytest.mark.parametrize("near", AROUND_EXPIRY)
@pytest.mark.parametrize("off", OFF)
def test_no_session_follows_an_answered_revocation(
    operator: Operator, world: World, monkeypatch: pytest.MonkeyPatch, off: int, near: int
) -> None:
    anna = world.account("700001")
    login = approved_login(world, anna, near=near)
    with operators_clock(monkeypatch, world, off):
        told = operator("device", "revoke", "700001", "Annas Telefon", "--yes")
    assert told.exit_code == 0, told.output + told.stderr
    no_session(world, login)


@pytest.mark.parametrize("near", AROUND_EXPIRY)
@pytest.mark.parametrize("off", OFF)
def test_no_session_follows_a_new_password(
    operator: Operator, world: World, monkeypatch: pytest.MonkeyPatch, off: int, near: int
) -> None:
    anna = world.account("700001")
    login = approved_login(world, anna, near=near)
    with operators_clock(monkeypatch, world, off):
        assert operator("account", "set-password", "700001", typed=f"{NEW_PASSWORD}\n").exit_code == 0
    no_session(world, login)


@pytest.mark.parametrize("near", AROUND_EXPIRY)
@pytest.mark.parametrize("off", OFF)
def test_no_session_by_password_alone_follows_two_factor_on(
    operator: Operator, world: World, monkeypatch: pytest.MonkeyPatch, off: int, near: int
) -> None:
    anna = world.account("700001", two_factor=False)
    login = world.start(anna)
    world.later(settings().completion_window + near)
    with operators_clock(monkeypatch, world, off):
        assert operator("account", "two-factor", "700001", "on").exit_code == 0
    no_session(world, login)


@pytest.mark.parametrize("off", OFF)
def test_what_is_recorded_bears_the_services_time(
    operator: Operator, world: World, monkeypatch: pytest.MonkeyPatch, off: int
) -> None:
    anna = world.account("700001")
    world.phone(anna)
    world.later(1000)
    with operators_clock(monkeypatch, world, off):
        assert operator("account", "set-phone", "700001", "0170 9998877").exit_code == 0
        assert operator("device", "revoke", "700001", "Annas Telefon", "--yes").exit_code == 0
        assert operator("account", "create", "700002", "--name", "B", typed=f"{PASSWORD}\n").exit_code == 0
    (created,) = find_accounts("700002")
    assert [event["at"] for event in events_of(anna.id, world)] == [world.now, world.now, NOW]
    assert AccountRow.get(created, "ACCOUNT").created_at == world.now


def test_a_service_that_tells_no_time_changes_nothing(operator: Operator, world: World) -> None:
    anna = world.account("700001", two_factor=False)
    world.aws.date = lambda: "soon"
    with pytest.raises(NoServiceTime):
        ServiceClock().now()
    told = operator("account", "set-password", "700001", typed=f"{NEW_PASSWORD}\n")
    assert told.exit_code == 1
    assert "nennt seine Uhrzeit nicht" in told.stderr
    assert world.start(anna).login.state == "approved"


def test_no_command_asks_this_machine_for_the_time() -> None:
    """The doctor alone does, to compare it with the service's."""
    asking = {
        str(path.relative_to(ROOT / "smartident_cli"))
        for path in (ROOT / "smartident_cli").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and ast.unparse(node) in {"time.time", "time.time_ns", "time.gmtime"})
        or (isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"} and "date" in ast.unparse(node))
    }
    assert asking == {"doctor/health_checks.py"}
