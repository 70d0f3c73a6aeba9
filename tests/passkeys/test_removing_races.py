"""Passkeys removed while somebody else removes them: by the passkey's own state, whatever the account's item says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smartident.accounts.audit_log import AuditRecordRow
from smartident.passkeys import remove
from smartident.passkeys.passkey import REMOVED, PasskeyRow, passkey_id_of, read_passkeys
from smartident.storage import passkey_keys
from smartident_client import base64url
from tests.support.login_passkey import LoginPasskey, removed
from tests.support.passkey_policy import Owner, with_two_passkeys

if TYPE_CHECKING:
    from tests.support.world import World


@pytest.fixture
def owner(world: World) -> Owner:
    return with_two_passkeys(world)


def id_of(passkey: LoginPasskey) -> str:
    return passkey_id_of(base64url.encode(passkey.credential_id))


def row(owner: Owner, number: int) -> PasskeyRow:
    return PasskeyRow.get(*passkey_keys.passkey(owner.account.id, id_of(owner.passkeys[number])), consistent_read=True)


def gone_meanwhile(owner: Owner, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the passkeys are read, this one is out, and nothing of the account's item tells so."""

    def stale(account: Any) -> Any:
        monkeypatch.undo()
        found = read_passkeys(account)
        row(owner, number).update(actions=[PasskeyRow.state.set(REMOVED), PasskeyRow.removed_at.set(1)])
        return found

    monkeypatch.setattr(remove, "read_passkeys", stale)


def test_a_passkey_goes_once(world: World, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    gone_meanwhile(owner, 0, monkeypatch)
    removed(world, owner.session, id_of(owner.passkeys[0]))
    records = AuditRecordRow.query(owner.account.id, AuditRecordRow.sk.startswith("RECORD#"))
    assert [one.type for one in records].count("passkey_removed") == 0
    assert row(owner, 0).removed_at == 1


def test_a_removed_passkey_is_not_granted_with_the_others(
    world: World, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person who only writes the table would otherwise wake it by its state alone."""
    before = row(owner, 1).mac
    gone_meanwhile(owner, 1, monkeypatch)
    removed(world, owner.session, id_of(owner.passkeys[0]))
    assert row(owner, 1).mac == before
    assert row(owner, 0).state == REMOVED
