"""The keys of what belongs to clients that ask phones by themselves (CIBA); keys.py spells all others."""

from __future__ import annotations

from smartident.storage.client_keys import of_client
from smartident.storage.keys import Key

_RINGS, PINGS = "RINGS#", "PING#"


def request(auth_req_id_digest: str) -> Key:
    """What a client asked, found from the digest of its auth_req_id."""
    return of_client("BACKCHANNEL", auth_req_id_digest)


def rings(account_id: str, client_id: str) -> Key:
    """How often a client rang the phones of an account, or those of an account that nobody has."""
    return Key(account_id, _RINGS + client_id)


def ping(account_id: str, part: str, outcome: str) -> Key:
    """That a client is to hear of what became of a login; the table's stream is filtered by this."""
    return Key(account_id, f"{PINGS}{part}#{outcome}")


def pinged_login(account_id: str, sk: str) -> str:
    """The login that a ping is about."""
    return f"{account_id}.{sk.removeprefix(PINGS).partition('#')[0]}"
