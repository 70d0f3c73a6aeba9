"""Each write of a pairing finds it otherwise than it was read: what stands there wins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smartident.pairing.decision import decide_pairing, use_pairing
from smartident.pairing.pairing import APPROVED, DECLINED, Pairing, put_pairing, read_pairing
from smartident.storage.operations import Operation
from smartident.storage.writes import write
from tests.support.world import NOW, World

ENDS = NOW + 300


def written(operation: Operation) -> bool:
    return write(operation, on_conflict=lambda _: "in the way") is None


@pytest.fixture
def waiting(world: World) -> Pairing:
    """A pairing that waits, as it was read."""
    pairing = Pairing("anna", "anna.one", "address", NOW, ENDS, 0, '{"device_id":"new"}')
    assert written(put_pairing(pairing, now=NOW))
    return read()


def read() -> Pairing:
    found = read_pairing("anna")
    assert found is not None
    return found


def test_a_decision_finds_it_decided(waiting: Pairing) -> None:
    assert written(decide_pairing(waiting, DECLINED, by="old", reason="not_me", now=NOW))
    assert not written(decide_pairing(waiting, APPROVED, by="other", now=NOW))
    assert (read().state, read().decided_by) == (DECLINED, "old")


def test_a_decision_finds_its_time_over(waiting: Pairing) -> None:
    assert not written(decide_pairing(waiting, APPROVED, by="old", now=ENDS))
    assert written(decide_pairing(waiting, APPROVED, by="old", now=ENDS - 1))


def test_one_approval_lets_one_phone_in(waiting: Pairing) -> None:
    assert written(decide_pairing(waiting, APPROVED, by="old", now=NOW))
    approved = read()
    assert not written(use_pairing(waiting, now=NOW))
    assert not written(use_pairing(approved, now=ENDS))
    assert written(use_pairing(approved, now=NOW))
    assert not written(use_pairing(approved, now=NOW))


@pytest.mark.parametrize("state", ["waiting", APPROVED])
def test_a_phone_that_waits_keeps_its_place(waiting: Pairing, state: str) -> None:
    if state == APPROVED:
        assert written(decide_pairing(waiting, APPROVED, by="old", now=NOW))
    other = replace(waiting, registration_id="anna.two", created_at=ENDS - 1, expires_at=ENDS + 299)
    assert not written(put_pairing(other, now=ENDS - 1))
    assert read().registration_id == "anna.one"
    assert written(put_pairing(other, now=ENDS))


@pytest.mark.parametrize("end", ["declined", "used", "an epoch before"])
def test_a_phone_that_waits_no_more_gives_its_place_up(waiting: Pairing, end: str) -> None:
    other = replace(waiting, registration_id="anna.two")
    if end == "declined":
        assert written(decide_pairing(waiting, DECLINED, by="old", now=NOW))
    elif end == "used":
        assert written(decide_pairing(waiting, APPROVED, by="old", now=NOW))
        assert written(use_pairing(read(), now=NOW))
    else:
        other = replace(other, grant_epoch=1)
    assert written(put_pairing(other, now=NOW))
    assert (read().registration_id, read().decided_by, read().reason) == ("anna.two", None, None)
