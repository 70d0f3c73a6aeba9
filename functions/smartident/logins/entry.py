"""A login's entry in the audit log of its account, composed with what the logins before it came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartident.accounts.account import account_of
from smartident.accounts.audit_log import head_of
from smartident.accounts.limits.pending_logins import countries_of, open_outcomes
from smartident.crypto.hash_chain import head_after_login, head_after_outcomes, outcome_digest, write_outcomes
from smartident.logins.login import COMPLETED, login_mac, login_of
from smartident.logins.reading import final_logins
from smartident.logins.transfer_code import wants_code
from smartident.places.countries import country_of
from smartident.places.hosting import is_hosting
from smartident.statements.login import read_statement, with_audit_log_head, with_new_country
from smartident.storage import keys
from smartident.telemetry import log_event

if TYPE_CHECKING:
    from smartident.accounts.account_change import AccountChange
    from smartident.logins.login import LoginRow
    from smartident.places.countries import Countries


def enter(change: AccountChange, row: LoginRow, *, now: int) -> Countries:
    """Enter a login into the audit log; the countries that its account signed in from before.

    Its statement names the head before it, bound to what became of earlier logins, and says if its country is new.
    The transfer code that was made for it goes where it needs none.
    """
    item, part = change.item, keys.login_part(row.sk)
    ended = final_logins(item.pk, open_outcomes(item), now=now)
    row.outcomes = write_outcomes({name: outcome_digest(item.pk, name, _plain(one)) for name, one in ended.items()})
    before = head_after_outcomes(head_of(item), row.outcomes)
    countries = countries_of(item).with_sessions(
        (_country(one), int(one.completed_at)) for one in ended.values() if one.state == COMPLETED
    )
    is_new = countries.is_new(_country(row))
    row.statement = with_new_country(row.statement, is_new=is_new)
    if not wants_code(is_new_country=is_new):
        row.transfer_code_mac = None
    row.statement = with_audit_log_head(row.statement, str(before))
    row.grant_epoch = account_of(item).grant_epoch
    row.mac = login_mac(login_of(row))
    after = head_after_login(before, row.pk, part, _plain(row))
    change.enter_login(part, after, covers=ended.keys(), countries=countries)
    return countries


def tell_place(row: LoginRow, countries: Countries, *, now: int) -> None:
    """Log what is unusual about the place that a login began at; nothing is refused for it."""
    login_id, asked = keys.item_id(row.pk, row.sk), read_statement(row.statement)
    if "new_country" in asked:
        log_event("country_new", login_id=login_id)
    if countries.changed_within_an_hour(_country(row), now=now):
        log_event("country_changed", login_id=login_id)
    if is_hosting(asn if isinstance(asn := asked.get("asn"), int) else None):
        log_event("network_hosting", login_id=login_id)


def _country(row: LoginRow) -> str | None:
    place = read_statement(row.statement)["place"]
    return country_of(place if isinstance(place, str) else None)


def _plain(row: LoginRow) -> dict[str, object]:
    members: dict[str, object] = row.to_simple_dict()
    return members
