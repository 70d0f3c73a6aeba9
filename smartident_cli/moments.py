"""Moments as people write them: 14:05, 28.11.2026 14:05, 2026-11-28T14:05+01:00, 2h."""

import re
from datetime import datetime, timedelta

from smartident_cli.invalid_field import InvalidField

# Epoch seconds have ten digits since 2001.
_EPOCH = re.compile(r"\d{10}")
_AGO = re.compile(r"(\d{1,6})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?")
_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?(?:[\sT,]+(\d{1,2}):(\d\d)(?::(\d\d))?)?")


def moment_of(text: str, *, field: str, now: int) -> int:
    """The moment that is meant, in epoch seconds; a bare time of day or date is the last that was. Raises InvalidField.

    What names no zone is of this machine's, as all moments that the command shows.
    """
    told, today = text.strip(), datetime.fromtimestamp(now).astimezone()
    try:
        return int(_read(told, today).timestamp())
    except (ValueError, OverflowError):
        raise InvalidField(field, "moment_unfit") from None


def _read(told: str, today: datetime) -> datetime:
    if _EPOCH.fullmatch(told):
        return datetime.fromtimestamp(int(told)).astimezone()
    if ago := _AGO.fullmatch(told):
        return today - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    if clock := _CLOCK.fullmatch(told):
        hour, minute, second = (int(part or 0) for part in clock.groups())
        then = today.replace(hour=hour, minute=minute, second=second)
        return then if then <= today else then - timedelta(days=1)
    if german := _GERMAN.fullmatch(told):
        return _german(german, today)
    return datetime.fromisoformat(told).astimezone()


def _german(found: re.Match[str], today: datetime) -> datetime:
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    then = datetime(year or today.year, month, day, hour, minute, second).astimezone()
    return then if year or then <= today else then.replace(year=then.year - 1)
