"""How a pairing is decided, and used up: each moves it on from exactly how it was read, while its time lasts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from smartident.pairing.pairing import USED, Pairing, PairingRow, pairing_mac
from smartident.storage import keys
from smartident.storage.operations import Update


def decide_pairing(
    pairing: Pairing,
    state: str,
    *,
    by: str,
    reason: str | None = None,
    cools_off: bool = False,
    retires: bool = False,
    now: int,
) -> Update:
    """Move a pairing on: approved or declined. `retires` says that the deciding device signed its own retirement."""
    moved = replace(
        pairing, state=state, decided_by=by, decided_at=now, reason=reason, cools_off=cools_off, retires=retires
    )
    actions: list[Any] = [
        PairingRow.state.set(state),
        PairingRow.decided_by.set(by),
        PairingRow.decided_at.set(now),
        PairingRow.cools_off.set(cools_off),
        PairingRow.retires.set(retires),
        PairingRow.mac.set(pairing_mac(moved)),
    ]
    if reason is not None:
        actions.append(PairingRow.reason.set(reason))
    return Update(PairingRow(*keys.pairing(pairing.account_id)), actions, _as_read(pairing, now))


def use_pairing(pairing: Pairing, *, now: int) -> Update:
    """Use up an approved pairing: it lets one phone in."""
    used = replace(pairing, state=USED)
    actions: list[Any] = [PairingRow.state.set(USED), PairingRow.mac.set(pairing_mac(used))]
    return Update(PairingRow(*keys.pairing(pairing.account_id)), actions, _as_read(pairing, now))


def _as_read(pairing: Pairing, now: int) -> Any:
    return (PairingRow.mac == pairing.mac) & (PairingRow.expires_at > now)
