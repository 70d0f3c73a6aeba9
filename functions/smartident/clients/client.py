"""Clients: the applications that log people in, each with its own pages, and where its people go after they signed in.

One client needs no item: the operator's own, from the template's parameters. Every other is an item with a MAC under
the pepper over all of it, so that who can only write the table lets no page in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from smartident.clients.backchannel import read_backchannel
from smartident.clients.login_policy import PHONE_OR_PASSKEY
from smartident.crypto.algorithms import ES256
from smartident.crypto.item_mac import grant_mac, is_genuine
from smartident.settings import login_policy_settings, settings
from smartident.storage import client_keys
from smartident.storage.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smartident.clients.backchannel import Backchannel

ACTIVE, REMOVED = "active", "removed"
# How a client proves itself at the token endpoint (OpenID Connect Core 9). Both secret methods are one to us.
NONE, PRIVATE_KEY_JWT = "none", "private_key_jwt"
SECRET_METHODS = ("client_secret_basic", "client_secret_post")
AUTH_METHODS = (NONE, *SECRET_METHODS, PRIVATE_KEY_JWT)
# What the MAC covers of a client that has no word of OAuth in its item.
NO_OAUTH = (None, None, None, False, False, ES256, (), None)


class AuthenticationRequest(NamedTuple):
    """What a client asks a login for (OpenID Connect Core 3.1.2.1)."""

    client_id: str
    nonce: str | None = None
    # Whose people log in at another's page: the phone names it (docs/decisions/0028-openid-connect.md).
    name: str | None = None
    host: str | None = None
    login_policy: str = PHONE_OR_PASSKEY


class ClientRow(Row, discriminator="client"):
    """`CLIENTS` | `CLIENT#<client_id>`: origins and redirect URIs are parted by blanks, as they contain none."""

    state = UnicodeAttribute()
    name = UnicodeAttribute()
    origins = UnicodeAttribute()
    redirect_uris = UnicodeAttribute()
    # Which operator changed it last, and when.
    changed_by = UnicodeAttribute()
    changed_at = NumberAttribute()
    # Only of a client that speaks OpenID Connect; a secret's MAC, or public keys as a JWK set.
    auth_method = UnicodeAttribute(null=True)
    secret_mac = UnicodeAttribute(null=True)
    jwks = UnicodeAttribute(null=True)
    # Whether it may refresh its tokens without asking the phone.
    offline_access = BooleanAttribute(null=True)
    # Whether its tokens are bound to a key of its own (RFC 9449), always.
    require_dpop = BooleanAttribute(null=True)
    # What signs its id_tokens, if not ES256.
    id_token_alg = UnicodeAttribute(null=True)
    # Where its people go after they logged out, and where it hears that they did.
    post_logout_redirect_uris = UnicodeAttribute(null=True)
    backchannel_logout_uri = UnicodeAttribute(null=True)
    # Only of a client that asks phones by itself (CIBA).
    backchannel = UnicodeAttribute(null=True)
    # What its people may log in with, if it has a say.
    login_policy = UnicodeAttribute(null=True)
    mac = UnicodeAttribute()


@dataclass(frozen=True)
class Client:
    """An application that logs people in. Of the template's own, nobody is known who changed it."""

    id: str
    name: str
    origins: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    state: str = ACTIVE
    changed_by: str = ""
    changed_at: int = 0
    auth_method: str | None = None
    secret_mac: str | None = field(default=None, repr=False)
    jwks: str | None = None
    offline_access: bool = False
    require_dpop: bool = False
    id_token_alg: str = ES256
    post_logout_redirect_uris: tuple[str, ...] = ()
    backchannel_logout_uri: str | None = None
    backchannel: Backchannel | None = None
    login_policy: str | None = None

    @property
    def uses_oauth(self) -> bool:
        """Whether it gets its logins by OpenID Connect, and by nothing else."""
        return self.auth_method is not None

    @property
    def redirect_to(self) -> str:
        """Where people go after they signed in."""
        return self.redirect_uris[0]

    @property
    def host(self) -> str:
        """Where people go after they signed in: the host, and its port if it has one."""
        return urlsplit(self.redirect_to).netloc

    def asks(self, nonce: str | None) -> AuthenticationRequest:
        """What it asks a login for."""
        name, host = (self.name, self.host) if self.uses_oauth else (None, None)
        return AuthenticationRequest(self.id, nonce, name, host, self._login_policy())

    @property
    def active(self) -> bool:
        """Whether people may log in to it."""
        return self.state == ACTIVE

    def _login_policy(self) -> str:
        if self.id == settings().client_id:
            return login_policy_settings().login_policy
        return self.login_policy or PHONE_OR_PASSKEY


def default_client() -> Client:
    """The client of the template's parameters."""
    own = settings()
    return Client(own.client_id, own.client_name, own.client_origins, (own.client_redirect_uri,))


def client_mac(client: Client) -> str:
    """The MAC of a client over all of it, its state included."""
    change = (client.changed_by, client.changed_at)
    proof = (client.auth_method, client.secret_mac, client.jwks, client.offline_access, client.require_dpop)
    token = (client.id_token_alg,)
    logout = (client.post_logout_redirect_uris, client.backchannel_logout_uri)
    asks_phones = () if client.backchannel is None else (str(client.backchannel),)
    oauth = (*proof, *token, *logout, *asks_phones)
    # A client that does not speak OAuth has a MAC over none of it, not a MAC that leaves it out.
    oauth = () if oauth == NO_OAUTH else oauth
    pages = (client.origins, client.redirect_uris)
    policy = () if client.login_policy is None else (("login_policy", client.login_policy),)
    return grant_mac("client", client.id, client.state, client.name, *pages, *change, *oauth, *policy)


def client_of(row: ClientRow) -> Client:
    """The client that a row holds; `is_own` says who wrote the row."""
    return Client(
        id=client_keys.client_id(row.sk),
        name=row.name,
        origins=tuple(row.origins.split()),
        redirect_uris=tuple(row.redirect_uris.split()),
        state=row.state,
        changed_by=row.changed_by,
        changed_at=int(row.changed_at),
        auth_method=row.auth_method,
        secret_mac=row.secret_mac,
        jwks=row.jwks,
        offline_access=bool(row.offline_access),
        require_dpop=bool(row.require_dpop),
        id_token_alg=row.id_token_alg or ES256,
        post_logout_redirect_uris=tuple((row.post_logout_redirect_uris or "").split()),
        backchannel_logout_uri=row.backchannel_logout_uri,
        backchannel=read_backchannel(row.backchannel),
        login_policy=row.login_policy,
    )


def is_own(row: ClientRow) -> bool:
    """Whether our own code has written the row as it is."""
    return is_genuine(row.mac, client_mac(client_of(row)))


def read_row(client_id: str) -> ClientRow | None:
    """A client's row as it stands now, or None."""
    try:
        return ClientRow.get(*client_keys.client(client_id), consistent_read=True)
    except ClientRow.DoesNotExist:
        return None


def read_rows() -> Iterator[ClientRow]:
    """The rows of all clients, by their ids."""
    return ClientRow.query(client_keys.client("").pk, consistent_read=True)
