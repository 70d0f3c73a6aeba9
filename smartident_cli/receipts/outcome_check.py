"""Outcomes: whether each login came to what the entry of a later login says it came to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from smartident.accounts.limits.pending_logins import RECENT_SECONDS
from smartident.crypto.hash_chain import outcome_digest, read_outcomes, short_part
from smartident.storage import keys
from smartident_cli.receipts.finding import Finding

Row = dict[str, Any]


@dataclass(frozen=True)
class OutcomeCheck:
    """The logins of an account in the order of its log, each with its number."""

    account_id: str
    logins: list[tuple[int, Row]]

    def findings(self) -> Iterator[Finding]:
        """Each outcome that is not what a later entry says, or that a later entry had to name and did not."""
        open_logins: dict[str, tuple[int, Row]] = {}
        for number, row in self.logins:
            for short, digest in read_outcomes(row.get("outcomes")).items():
                earlier = open_logins.pop(short, None)
                if earlier and outcome_digest(self.account_id, _part(earlier[1]), earlier[1]) != digest:
                    yield Finding("log_outcome_altered", {"number": earlier[0], "next": number})
            for short in [short for short, (_, login) in open_logins.items() if _was_over(login, by=row)]:
                yield Finding("log_outcome_left_out", {"number": open_logins.pop(short)[0], "next": number})
            open_logins[short_part(_part(row))] = number, row

    @property
    def open(self) -> int:
        """How many logins came to something that no later entry names yet."""
        named = {short for _, row in self.logins for short in read_outcomes(row.get("outcomes"))}
        return sum(short_part(_part(row)) not in named for _, row in self.logins)


def _part(login: Row) -> str:
    return keys.login_part(str(login["sk"]))


def _was_over(login: Row, *, by: Row) -> bool:
    """Whether nothing could change the login any more when the later one began."""
    return bool(login["expires_at"] <= by["created_at"] - RECENT_SECONDS)
