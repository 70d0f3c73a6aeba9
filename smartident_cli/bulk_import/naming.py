"""By which names a client knows the imported accounts, and the file that says which account got which name."""

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from smartident.admin.bulk_import import Imported
from smartident.admin.change import ExternalIdTaken, change_external_id
from smartident_cli.bulk_import.reader import Record
from smartident_cli.validation import ValidAccount

COLUMNS = ("access_number", "account_id", "external_id")


@dataclass(frozen=True)
class Naming:
    """The client that knows the accounts, and the mapping file, which has each of them at least once."""

    client_id: str
    mapping: TextIO

    def name(self, batch: list[Record], imported: Imported, *, now: int) -> frozenset[int]:
        """Give the accounts their names, which may be repeated; the lines whose name another account has."""
        taken = set()
        for record, account_id in _imported(batch, imported):
            if isinstance(record.content, ValidAccount) and record.content.external_id:
                try:
                    change_external_id(account_id, self.client_id, record.content.external_id, now=now)
                except ExternalIdTaken:
                    taken.add(record.line)
        return frozenset(taken)

    def write(self, batch: list[Record], imported: Imported, unnamed: frozenset[int]) -> None:
        """Write down which account each line became, and its name if it got it."""
        rows = csv.writer(self.mapping, lineterminator="\n")
        for record, account_id in _imported(batch, imported):
            if isinstance(record.content, ValidAccount):
                name = "" if record.line in unnamed else record.content.external_id or ""
                rows.writerow((record.content.number, account_id, name))
        self.mapping.flush()


@contextmanager
def open_naming(client_id: str | None, mapping: Path) -> Iterator[Naming | None]:
    """The naming of a run, which goes on in the mapping file of the run before; None without a client."""
    if client_id is None:
        yield None
        return
    # What it says is nobody else's business.
    descriptor = os.open(mapping, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8", newline="") as file:
        if not file.tell():
            csv.writer(file, lineterminator="\n").writerow(COLUMNS)
        yield Naming(client_id, file)


def _imported(batch: list[Record], imported: Imported) -> Iterator[tuple[Record, str]]:
    """The records of a batch that became accounts, each with its account."""
    return ((record, imported.ids[record.line]) for record in batch if record.line in imported.ids)
