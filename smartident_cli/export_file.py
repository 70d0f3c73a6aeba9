"""Exports: everything about one account as JSON Lines, a page in memory at a time, and reading such a file again."""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

from smartident.accounts.account import Account
from smartident.accounts.audit_log import current_head
from smartident.admin.export import WITHHELD, export_account
from smartident.settings import settings
from smartident.webauthn.relying_party import own_party

FORMAT = "smartident-export:v1"
MINE_ALONE = 0o600
# An item has 400 KB at most (DynamoDB), of which JSON makes six times as much where it escapes every sign.
MAX_LINE = 4_000_000
# So often an account that is in use is read until nothing happens meanwhile.
MAX_TRIES = 10

Row = dict[str, Any]


class NoExport(ValueError):  # noqa: N818  what is wrong is named
    """The file is no export, or not a whole one."""


class AccountInUse(Exception):  # noqa: N818  what is wrong is named
    """Something was entered into the account's audit log each time that the account was read."""


def write_export(account: Account, file: Path, *, now: int, replace: bool = False) -> int:
    """Write everything about an account; tells how many rows. The last line says that nothing is missing.

    Raises AccountInUse if the account never was at rest. Raises FileExistsError, and leaves the file that is there,
    unless it may be replaced; then it is once the new one is whole.
    """
    if file.exists() and not file.is_file():
        with file.open("w", encoding="utf-8") as stream:
            return _write(account, stream, now=now, tries=1)
    target = file.resolve()
    if replace:
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        part = Path(name)
    else:
        descriptor, part = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MINE_ALONE), target
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as paper:
            rows = _write(account, paper, now=now)
        if replace:
            part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return rows


def _write(account: Account, paper: IO[str], *, now: int, tries: int = MAX_TRIES) -> int:
    """Write it until nothing was entered meanwhile; a pipe, which takes nothing back, is written once."""
    for attempt in range(tries):
        if attempt:
            paper.seek(0)
            paper.truncate()
        before = current_head(account.id)
        rows = _write_once(account, paper, now=now)
        if current_head(account.id) == before:
            paper.write(_line({"end": rows}))
            return rows
    raise AccountInUse


def _write_once(account: Account, paper: IO[str], *, now: int) -> int:
    party = own_party()
    head = {
        "format": FORMAT,
        "exported_at": now,
        "account_id": account.id,
        "access_number": account.number,
        "webauthn": {"rp_id": party.id, "origins": list(party.origins)},
        "pages": list(settings().allowed_origins),
        "withheld": sorted(WITHHELD),
    }
    rows = 0
    paper.write(_line(head))
    for row in export_account(account):
        paper.write(_line(row))
        rows += 1
    return rows


def read_export(file: Path) -> Iterator[Row]:
    """The head of an export, then its rows; raises NoExport at the latest where the end should be."""
    rows = -1
    with file.open(encoding="utf-8") as paper:
        while line := paper.readline(MAX_LINE):
            row = _read(line)
            if (row.get("format") == FORMAT) != (rows < 0):
                raise NoExport
            if rows >= 0 and "end" in row:
                if row != {"end": rows} or paper.read(1):
                    raise NoExport
                return
            rows += 1
            yield row
    raise NoExport


def _line(members: dict[str, Any]) -> str:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")) + "\n"


def _read(line: str) -> Row:
    """One line; nothing that JSON allows and no export holds: fractions, a name twice, half a character."""
    try:
        row = json.loads(line, object_pairs_hook=_once, parse_float=_never, parse_constant=_never)
        json.dumps(row, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise NoExport from None
    if not isinstance(row, dict):
        raise NoExport
    return row


def _once(pairs: list[tuple[str, Any]]) -> Row:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name twice")
    return members


def _never(text: str) -> NoReturn:
    raise ValueError(text)
