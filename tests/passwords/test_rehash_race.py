"""Who renews a hash finds the password changed: the new one stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import (
    AccountRow,
    read_item,
)
from smartident.passwords import authenticate
from smartident.passwords.hashing import hash_password, is_password

if TYPE_CHECKING:
    from tests.support.world import World


def test_a_renewed_hash_never_brings_the_old_password_back(world: World) -> None:
    anna = world.account()
    stale = read_item(anna.id)
    assert stale is not None
    AccountRow(anna.id, "ACCOUNT").update(actions=[AccountRow.password_hash.set(hash_password("ein neues"))])
    world.set(ARGON2_TIME=2)
    authenticate._renew_hash(stale, "Vier-Esel-42")
    kept = read_item(anna.id)
    assert kept is not None
    assert is_password("ein neues", kept.password_hash)
