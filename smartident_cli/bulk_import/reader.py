"""The reader: the records of a CSV or JSON Lines file of any size, one after the other, each with its line's number."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smartident_cli.bulk_import.access_numbers_seen import AccessNumbersSeen
from smartident_cli.bulk_import.lines import Encoding, Lines, check_utf_8, encoding_of, has_surrogates
from smartident_cli.invalid_field import InvalidField
from smartident_cli.validation import FIELDS, ValidAccount, valid_account, valid_number, valid_text
from smartident_cli.visible import as_typed

SEPARATORS = ",;\t"
Members = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """One record: its line, how many bytes of the file are read by now, and the account or what is wrong with it."""

    line: int
    read: int
    content: ValidAccount | InvalidField


def records(path: Path, *, region: str, encoding: Encoding | None = None, after: int = 0) -> Iterator[Record]:
    """Every record from after a line on; raises InvalidField if the file is none that can be imported."""
    with path.open("rb") as file, AccessNumbersSeen() as seen:
        written_in = encoding_of(file, told=encoding)
        if written_in == "utf-8" and path.is_file():
            check_utf_8(path)
        lines = Lines(file, written_in)
        for line, members in _members(lines):
            found = members if isinstance(members, InvalidField) else _once(members, line, seen)
            if line > after:
                yield Record(line, lines.read, _content(found, region))


def _once(members: Members, line: int, seen: AccessNumbersSeen) -> Members | InvalidField:
    """The members of a record, unless an earlier one has the same access number."""
    try:
        number = valid_number(valid_text("access_number", members.get("access_number")))
    except InvalidField:
        return members
    first = seen.add(number, line)
    return members if first == line else InvalidField("access_number", "number_twice", first=first)


def _content(members: Members | InvalidField, region: str) -> ValidAccount | InvalidField:
    if isinstance(members, InvalidField):
        return members
    try:
        return valid_account(members, region=region)
    except InvalidField as invalid:
        return invalid


def _members(lines: Lines) -> Iterator[tuple[int, Members | InvalidField]]:
    """The members of each record, by what the first line that says something begins with."""
    text = iter(lines)
    for first in text:
        if first is None:
            raise InvalidField("", "head_unfit")
        if first.strip():
            break
    else:
        raise InvalidField("", "head_unfit")
    if first.lstrip().startswith("["):
        raise InvalidField("", "file_is_json_list")
    if first.lstrip().startswith("{"):
        yield lines.number, _object(first)
        yield from ((lines.number, _object(line)) for line in text if line is None or line.strip())
    else:
        yield from _csv(first, text, lines)


def _object(line: str | None) -> Members | InvalidField:
    if line is None:
        return InvalidField("", "line_endless")
    if has_surrogates(line):
        return InvalidField("", "not_utf8")
    try:
        members = json.loads(line, object_pairs_hook=_pairs)
    except (ValueError, RecursionError):
        return InvalidField("", "not_json")
    return members if isinstance(members, dict | InvalidField) else InvalidField("", "not_json")


def _pairs(pairs: list[tuple[str, Any]]) -> Members | InvalidField:
    """An object's members; what is told twice would be the last one's in silence."""
    names = [name for name, _ in pairs]
    double = next((name for name in names if names.count(name) > 1), None)
    return dict(pairs) if double is None else InvalidField(double, "field_twice")


def _csv(first: str, text: Iterator[str | None], lines: Lines) -> Iterator[tuple[int, Members | InvalidField]]:
    separator = _told_separator(first)
    head = next(text, None) if separator else first
    separator = separator or max(SEPARATORS, key=first.count)
    columns = _columns(head or "", separator)
    for line in text:
        # Line by line: no field that fits holds a line's end, and an open quote must not swallow what follows.
        if line is None:
            yield lines.number, InvalidField("", "line_endless")
        elif has_surrogates(line):
            yield lines.number, InvalidField("", "not_utf8")
        else:
            try:
                cells = next(csv.reader([line], delimiter=separator, strict=True), [])
            except csv.Error:
                yield lines.number, InvalidField("", "not_csv")
            else:
                if any(map(str.strip, cells)):
                    yield lines.number, _row(columns, cells)


def _told_separator(first: str) -> str | None:
    """The separator that Excel has before the head line: `sep=;`."""
    plain = first.strip().strip('"').casefold()
    told = first.strip("\r\n ").strip('"')[len("sep=") :][:1]
    return told if plain.startswith("sep=") and told and told in SEPARATORS else None


def _columns(head: str, separator: str) -> list[str]:
    """The names of the columns, "" for one without; raises InvalidField unless they are ours."""
    try:
        columns = [as_typed(name).casefold() for name in next(csv.reader([head], delimiter=separator, strict=True), [])]
    except csv.Error:
        raise InvalidField("", "head_unfit") from None
    named = [name for name in columns if name]
    if len(set(named)) != len(named) or not set(named) <= set(FIELDS) or "access_number" not in named:
        raise InvalidField("", "head_unfit")
    while not columns[-1]:
        columns.pop()
    return columns


def _row(columns: list[str], cells: list[str]) -> Members | InvalidField:
    """A row's members. A spreadsheet writes columns without a name, which must then be empty, and more at the end."""
    beyond = cells[len(columns) :]
    if len(cells) < len(columns) or any(map(str.strip, beyond)):
        return InvalidField("", "cells_differ")
    told = list(zip(columns, cells, strict=False))
    if any(cell.strip() for name, cell in told if not name):
        return InvalidField("", "cells_differ")
    return {name: cell for name, cell in told if name}
