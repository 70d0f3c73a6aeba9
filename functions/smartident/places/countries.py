"""Countries: those that an account signed in from. Missing data is missing, and never a finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_COUNTRIES = 16
HOUR = 3600


@dataclass(frozen=True)
class Countries:
    """The countries of an account's sessions, each with the time of its latest one."""

    latest: Mapping[str, int]

    def with_sessions(self, sessions: Iterable[tuple[str | None, int]]) -> Countries:
        """These and those of later sessions; the ones that were not seen for longest are forgotten."""
        latest = dict(self.latest)
        for country, at in sessions:
            if country:
                latest[country] = max(at, latest.get(country, 0))
        newest = sorted(latest.items(), key=lambda one: (-one[1], one[0]))[:MAX_COUNTRIES]
        return Countries(dict(newest))

    def is_new(self, country: str | None) -> bool:
        """Whether the account has signed in, but never from there; of a first session nothing is to be said."""
        return bool(self.latest) and country is not None and country not in self.latest

    def changed_within_an_hour(self, country: str | None, *, now: int) -> bool:
        """Whether the account signed in from another country less than an hour ago."""
        return country is not None and any(other != country and at > now - HOUR for other, at in self.latest.items())

    def __str__(self) -> str:
        """As the account's item remembers them."""
        return " ".join(f"{country}.{at}" for country, at in self.latest.items())


def read_countries(text: str | None) -> Countries:
    """The countries in this text."""
    pairs = (one.partition(".") for one in (text or "").split())
    return Countries({country: int(at) for country, _, at in pairs})


def country_of(place: str | None) -> str | None:
    """The country at the end of a statement's place, such as `Frankfurt, DE`."""
    return place.rpartition(", ")[2] if place else None
