"""The proof of a client's key (RFC 9449): made for this very request just now, and used once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from pynamodb.attributes import UnicodeAttribute

from smartident.crypto.random import digest, random_id
from smartident.errors import Refusal
from smartident.oauth.oauth_errors import InvalidDpopProof
from smartident.storage import client_keys
from smartident.storage.operations import FailedConditions, Put
from smartident.storage.table import Row
from smartident.storage.writes import write

if TYPE_CHECKING:
    from smartident.crypto.dpop import Request

KIND = "PROOF"
ALGORITHMS = ("ES256", "EdDSA")
# Longer than a proof is fresh, whatever the client's clock says.
KEPT_SECONDS = 120


class UsedProofRow(Row, discriminator="used_proof"):
    """`OAUTH#<digest>` | `PROOF`: a proof that was used, kept until it is stale."""

    # Tells one's own write from that of a replay.
    use = UnicodeAttribute()


class ProvenKey(NamedTuple):
    """The key behind a request, by its thumbprint, and the name of the proof."""

    thumbprint: str
    jti: str


def proven_key(proof: Request | None, *, access_token: str | None = None, now: int) -> ProvenKey | None:
    """The key that a request proves, None for one without a proof; raises InvalidDpopProof."""
    if proof is None:
        return None
    from smartident.crypto.dpop import verify_client_key  # noqa: PLC0415  loads JOSE, which few clients need

    try:
        proven = verify_client_key(proof, access_token=access_token, now=now)
    except Refusal as refusal:
        raise InvalidDpopProof(str(refusal)) from None
    return ProvenKey(proven.thumbprint, proven.jti)


def use_once(proven: ProvenKey, *, now: int) -> None:
    """Use the proof up; raises InvalidDpopProof if it was used before."""
    name = digest(json.dumps([proven.thumbprint, proven.jti]))
    row = UsedProofRow(*client_keys.of_client(KIND, name), use=random_id(), ttl=now + KEPT_SECONDS)

    def on_conflict(_: FailedConditions) -> None:
        raise InvalidDpopProof("the proof was used before")

    write(Put(row, is_own=lambda found: found.use == row.use), on_conflict=on_conflict)
