"""`smartident account freeze|open`: what the operator reads, and what the check of receipts says of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from smartident.accounts.audit_log import AuditRecordRow
from smartident.freeze.freeze import freeze_account
from smartident.freeze.opening import open_account
from smartident_cli.export_file import write_export
from tests.cli.operator import Operator

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.world import World

CONTRADICTION = "Ob der Zugang gesperrt ist, sagt er anders als sein Verlauf."


def test_a_freeze_is_said_shown_and_undone(operator: Operator, world: World) -> None:
    anna = world.account("700001")
    assert "Jedes Passwort gilt als falsch" in operator("account", "freeze", "700001").output
    assert "ja" in operator("account", "show", "700001").output
    assert "wieder geöffnet" in operator("account", "open", "700001").output
    rows = AuditRecordRow.query(anna.id, AuditRecordRow.sk.startswith("RECORD#"))
    assert all(row.detail for row in rows if row.type in {"account_frozen", "account_opened"})


@pytest.mark.parametrize("frozen", [True, False])
def test_a_switch_that_is_not_on_record_is_told(
    operator: Operator, world: World, tmp_path: Path, *, frozen: bool
) -> None:
    anna, file = world.account(), tmp_path / "anna.jsonl"
    freeze_account(anna.id, operator="petra", now=world.now)
    open_account(anna.id, operator="petra", now=world.now)
    if frozen:
        freeze_account(anna.id, operator="petra", now=world.now)
    write_export(anna, file, now=world.now)
    assert CONTRADICTION not in operator("receipts", "verify", str(file)).stderr
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    for row in rows:
        if row.get("kind") == "account":
            row["frozen"] = not frozen
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = operator("receipts", "verify", str(file))
    assert CONTRADICTION in told.output + told.stderr
