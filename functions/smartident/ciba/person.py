"""Whom a client means, among the accounts that are bound to it: those that it knows by a name of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smartident.accounts import names
from smartident.accounts.account import Account, read_account
from smartident.accounts.external_ids import account_called, external_ids_of, is_external_id
from smartident.accounts.item.login_policy import is_passkey_only
from smartident.crypto.pepper import derived_id
from smartident.oauth.oauth_errors import OAuthError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smartident.ciba.request import BackchannelRequest
    from smartident.clients.client import Client


@dataclass(frozen=True)
class Person:
    """An account, or none; somebody whom nobody knows has a partition like any other, always the same."""

    account_id: str
    account: Account | None

    def reachable(self, client: Client, *, now: int) -> Account | None:
        """The account whose phones the client may ring: it has some, is not frozen and takes more than passkeys.

        Whatever the client wants, the account's own rules come first.
        """
        account = self.account
        if account is None or account.frozen or not account.waits_for_phone:
            return None
        return None if is_passkey_only(account, client.asks(None), now=now) else account


def find_person(client_id: str, asked: BackchannelRequest, *, issuer: str) -> Person:
    """The one account of this client that the hint stands for; of several, none. Raises OAuthError for a false hint."""
    if asked.id_token_hint is None:
        return person_called(client_id, asked.login_hint or "")
    from smartident.oidc.id_token_hint import read_hint  # noqa: PLC0415  loads JOSE, for a hint that few send

    told = read_hint(asked.id_token_hint, issuer=issuer, client_id=client_id)
    if told is None:
        raise OAuthError("invalid_request", "id_token_hint is no id_token of ours for this client")
    return _one_of(client_id, [read_account(told.subject)], told.subject)


def person_called(client_id: str, name: str) -> Person:
    """The one account of this client that goes by the name: external_id, access number or e-mail; of several, none."""
    by_lookup = (_named(account_id, name) for account_id in names.find_accounts(name))
    return _one_of(client_id, [_called(client_id, name), *by_lookup], name)


def _one_of(client_id: str, meant: Iterable[Account | None], name: str) -> Person:
    bound = {one.id: one for one in meant if one is not None and client_id in external_ids_of(one)}
    if len(bound) != 1:
        return Person(derived_id("nobody", json.dumps([client_id, names.normalised(name)])), None)
    (account,) = bound.values()
    return Person(account.id, account)


def _called(client_id: str, name: str) -> Account | None:
    return account_called(client_id, name) if is_external_id(name) else None


def _named(account_id: str, name: str) -> Account | None:
    """The account that a lookup leads to, if it says itself that it goes by the name."""
    account, wanted = read_account(account_id), names.normalised(name)
    if account is None:
        return None
    own = account.number if names.kind_of(wanted) == names.NUMBER else account.email or ""
    return account if names.normalised(own) == wanted else None
