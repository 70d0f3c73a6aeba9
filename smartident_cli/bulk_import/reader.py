"""The reader: the records of a CSV or JSON Lines file of any size, one after the other, each with its line's number."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from smartident_cli.validation import FIELDS, InvalidField, ValidAccount, valid_account

MAX_LINE_LENGTH = 65_536
"""No honest line is longer; memory stays flat whatever the file holds."""


@dataclass(frozen=True)
class Record:
    """One record: its line, how many bytes of the file are read by now, and the account or what is wrong with it."""

    line: int
    read: int
    content: ValidAccount | InvalidField


class Lines:
    """A file's lines as text, counted in bytes; what is no UTF-8 goes through, so that its line can be told."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.read = 0
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        while raw := self.file.readline(MAX_LINE_LENGTH):
            self.number += 1
            self.read += len(raw)
            whole = raw.endswith(b"\n") or len(raw) < MAX_LINE_LENGTH
            while not whole:
                rest = self.file.readline(MAX_LINE_LENGTH)
                self.read += len(rest)
                whole = rest.endswith(b"\n") or len(rest) < MAX_LINE_LENGTH
                raw = b"\xff too long\n"
            start = b"\xef\xbb\xbf" if self.number == 1 else b""
            yield raw.removeprefix(start).decode("utf-8", errors="surrogateescape")


def records(path: Path, *, region: str, after: int = 0) -> Iterator[Record]:
    """Every record from after a line on; raises InvalidField if the file is none that can be imported."""
    with path.open("rb") as file:
        first = file.read(MAX_LINE_LENGTH).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        file.seek(0)
        lines = Lines(file)
        for line, members in _json_lines(lines) if first == b"{" else _csv(lines):
            if line > after:
                yield Record(line, lines.read, _content(members, region))


def _content(members: dict[str, object] | InvalidField, region: str) -> ValidAccount | InvalidField:
    if isinstance(members, InvalidField):
        return members
    try:
        return valid_account(members, region=region)
    except InvalidField as invalid:
        return invalid


def _json_lines(lines: Lines) -> Iterator[tuple[int, dict[str, object] | InvalidField]]:
    for line in lines:
        if not line.strip():
            continue
        try:
            line.encode()
            members = json.loads(line)
        except UnicodeEncodeError:
            yield lines.number, InvalidField("", "not_utf8")
        except (ValueError, RecursionError):
            yield lines.number, InvalidField("", "not_json")
        else:
            yield lines.number, members if isinstance(members, dict) else InvalidField("", "not_json")


def _csv(lines: Lines) -> Iterator[tuple[int, dict[str, object] | InvalidField]]:
    text = iter(lines)
    head = next(text, "")
    separator = max(",;\t", key=head.count)
    columns = [name.strip().casefold() for name in next(csv.reader([head], delimiter=separator), [])]
    if len(set(columns)) != len(columns) or not set(columns) <= set(FIELDS) or "access_number" not in columns:
        raise InvalidField("", "head_unfit")
    for line in text:
        # Line by line: no field that fits holds a line's end, and an open quote must not swallow what follows.
        try:
            cells = next(csv.reader([line], delimiter=separator, strict=True), [])
        except csv.Error:
            yield lines.number, InvalidField("", "not_csv")
        else:
            if any(cells):
                yield lines.number, _row(columns, cells)


def _row(columns: list[str], cells: list[str]) -> dict[str, object] | InvalidField:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return InvalidField("", "not_utf8")
    if len(cells) != len(columns):
        return InvalidField("", "cells_differ")
    return dict(zip(columns, cells, strict=True))
