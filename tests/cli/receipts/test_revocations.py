"""`smartident receipts verify` asks of each removal on record who signed it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from smartident.devices.revoke import revoke
from smartident_cli.export_file import write_export
from smartident_cli.main import app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.world import World

Row = dict[str, Any]
UNSIGNED = "hat kein anderes Gerät unterschrieben"


@pytest.fixture
def export(world: World, tmp_path: Path) -> Path:
    """Three phones: one removed by another, one signed out, one removed by the operator; a fourth stays."""
    anna = world.account()
    first = world.phone(anna)
    second = world.paired_phone(first, anna, "webauthn")
    third = world.paired_phone(first, anna)
    world.paired_phone(first, anna)
    world.later(5)
    world.revoke(second, first.key.thumbprint)
    world.later(5)
    revoke(anna.id, third.key.thumbprint, by=None, now=world.now)
    world.later(5)
    world.revoke(second, second.key.thumbprint)
    file = tmp_path / "anna.jsonl"
    write_export(anna, file, now=world.now)
    return file


def verified(file: Path) -> str:
    done = CliRunner().invoke(app, ["receipts", "verify", str(file)], env={"SMARTIDENT_LANGUAGE": "de"})
    return done.output + done.stderr


def spoil(file: Path, change: Callable[[Row, list[Row]], object]) -> None:
    """Change the record of the removal that was signed."""
    rows: list[Row] = [json.loads(line) for line in file.read_text().splitlines()]
    (record,) = [row for row in rows if row.get("type") == "device_revoked" and "receipt" in row]
    change(record, rows)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))


def restated(record: Row, **changes: object) -> None:
    record["statement"] = json.dumps({**json.loads(record["statement"]), **changes}, separators=(",", ":"))


def device(record: Row, rows: list[Row], name: str) -> Row:
    return next(row for row in rows if row.get("sk") == f"DEVICE#{record[name]}")


def test_what_was_signed_and_what_needs_no_signature_passes(export: Path) -> None:
    assert UNSIGNED not in verified(export)


@pytest.mark.parametrize(
    "change",
    [
        lambda record, _: record.pop("receipt"),
        lambda record, _: record.pop("statement"),
        lambda record, _: record.update(receipt="{}"),
        lambda record, _: record.update(detail="nobody"),
        lambda record, _: restated(record, device_id="another"),
        lambda record, _: restated(record, account_id="another"),
        lambda record, _: restated(record, requested_at=1, expires_at=2),
        lambda record, _: restated(record, device_name="Tablet"),
        lambda record, rows: device(record, rows, "detail").update(registered_at=record["at"] + 1),
        lambda record, rows: device(record, rows, "detail").update(revoked_at=record["at"] - 1),
        lambda record, rows: device(record, rows, "detail").update(
            approval_key=device(record, rows, "device_id")["approval_key"]
        ),
    ],
    ids=["no receipt", "no statement", "empty", "nobody", "device", "account", "time", "name", "later", "gone", "key"],
)
def test_a_removal_that_no_phone_signed_is_told(export: Path, change: Callable[[Row, list[Row]], object]) -> None:
    spoil(export, change)
    assert UNSIGNED in verified(export)
