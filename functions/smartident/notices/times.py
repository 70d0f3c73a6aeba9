"""Times as people in Germany, Austria and Switzerland read them: a date, and the time by their own clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

# fmt: off
MONTHS = {
    "de": ["Januar", "Februar", "März", "April", "Mai", "Juni",
           "Juli", "August", "September", "Oktober", "November", "Dezember"],
    "en": ["January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"],
}
# fmt: on
FORMATS = {"de": "{day}. {month} {year}, {time} Uhr ({zone})", "en": "{day} {month} {year}, {time} ({zone})"}
ZONES = {"de": ("MEZ", "MESZ"), "en": ("CET", "CEST")}
_SUNDAY = 6


def local_time(at: int, language: str) -> str:
    """A time as a notice tells it."""
    utc = datetime.fromtimestamp(at, UTC)
    summer = is_summer(utc)
    here = utc + timedelta(hours=1 + summer)
    return FORMATS[language].format(
        day=here.day,
        month=MONTHS[language][here.month - 1],
        year=here.year,
        time=f"{here:%H:%M}",
        zone=ZONES[language][summer],
    )


def is_summer(utc: datetime) -> bool:
    """Whether it is summer time: from the last Sunday of March to that of October, 1:00 UTC (Directive 2000/84/EC)."""
    return _last_sunday(utc.year, 3) <= utc < _last_sunday(utc.year, 10)


def _last_sunday(year: int, month: int) -> datetime:
    # Both months have 31 days.
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() - _SUNDAY) % 7)
