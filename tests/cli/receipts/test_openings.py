"""`smartident receipts verify` asks of each opening by a phone who signed it, and after which freeze."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from smartident.storage.table import DAY
from smartident.webauthn.relying_party import RelyingParty
from smartident_cli.export_file import write_export
from smartident_cli.receipts.openings import opening_findings
from tests.freeze.test_by_device import open_by, press

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.world import World

Row = dict[str, Any]
Rows = list[Row]


@pytest.fixture
def rows(world: World, tmp_path: Path) -> Rows:
    """An account that its phone froze and opened twice."""
    anna = world.account()
    phone = world.phone(anna)
    world.later(2 * DAY)
    for _ in range(2):
        press(world, phone)
        world.later(60)
        open_by(world, phone)
        world.later(60)
    file = tmp_path / "anna.jsonl"
    write_export(anna, file, now=world.now)
    return [json.loads(line) for line in file.read_text().splitlines()]


def found(rows: Rows) -> list[str]:
    devices, records = ([row for row in rows if row.get("kind") == kind] for kind in ("device", "record"))
    findings = opening_findings(rows[0]["account_id"], devices, records, RelyingParty("", ()))
    return [finding.sentence for finding in findings]


def of(rows: Rows, kind: str, name: str = "type") -> Row:
    """The latest record of a kind, or the only item."""
    return next(row for row in rows if row.get(name) == kind)


def device(rows: Rows) -> Row:
    return of(rows, "device", "kind")


def test_what_the_phone_signed_passes_even_once_the_freeze_is_past_its_time(rows: Rows) -> None:
    assert found(rows) == []
    assert found([row for row in rows if row.get("type") != "account_frozen"]) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: of(rows, "account_opened").pop("receipt"),
        lambda rows: of(rows, "account_opened").update(statement="{}"),
        lambda rows: of(rows, "account_opened").update(device_id="nobody"),
        lambda rows: of(rows, "account_opened").update(at=of(rows, "account_opened")["at"] + DAY),
        lambda rows: of(rows, "account_frozen").update(at=of(rows, "account_frozen")["at"] - 1),
        lambda rows: rows[0].update(account_id="another"),
        lambda rows: device(rows).update(registered_at=of(rows, "account_frozen")["at"] - DAY + 1),
        lambda rows: device(rows).update(revoked_at=of(rows, "account_opened")["at"] - 1),
        lambda rows: device(rows).update(cool_off_until=of(rows, "account_opened")["at"] + 1),
        lambda rows: device(rows).update(approval_key=device(rows)["device_key"]),
    ],
    ids=["no receipt", "no statement", "nobody", "late", "freeze", "account", "new phone", "gone", "cools off", "key"],
)
def test_an_opening_that_no_phone_of_before_the_freeze_signed_is_told(
    rows: Rows, change: Callable[[Rows], object]
) -> None:
    change(rows)
    assert "log_unsigned_opening" in found(rows)


def test_the_operator_opens_without_a_signature(rows: Rows) -> None:
    for name in ("device_id", "statement", "receipt"):
        del of(rows, "account_opened")[name]
    assert found(rows) == []
