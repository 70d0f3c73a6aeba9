"""Public keys of phones: strict JWKs, their thumbprints (RFC 7638), and their signatures (RFC 7515)."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any, TypeAlias

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey

from smartident.crypto.base64url import decode
from smartident.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

# RFC 9864 renames EdDSA to Ed25519. Today's browsers and phones still say EdDSA, so we accept both names.
warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)

ALGORITHMS = {"P-256": ("ES256",), "Ed25519": ("EdDSA", "Ed25519")}
_KTY = {"P-256": "EC", "Ed25519": "OKP"}
_MEMBERS = {"EC": {"kty", "crv", "x", "y"}, "OKP": {"kty", "crv", "x"}}
_OPTIONAL = {"alg", "use", "key_ops", "ext", "kid"}
_COORDINATE_BYTES = 32
MAX_JWS_LENGTH = 24_576
# The points of Ed25519 whose order divides eight, in all their encodings. Under such a key one signature fits many
# messages and proves nothing; RFC 8032 section 5.1.7 leaves the check to us.
_PRIME = 2**255 - 19
_EIGHTH = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
_HEIGHTS = (0, 1, _PRIME - 1, _EIGHTH, _PRIME - _EIGHTH, _PRIME, _PRIME + 1)
WEAK = {(height | side << 255).to_bytes(_COORDINATE_BYTES, "little") for height in _HEIGHTS for side in (0, 1)}

PublicKey: TypeAlias = ECKey | OKPKey


def public_key(jwk: Mapping[str, object], *, field: str) -> PublicKey:
    """The P-256 or Ed25519 key of a public JWK (RFC 7517); raises InvalidRequest for anything else.

    It refuses private members, coordinates of other than 32 bytes, points off the curve and points of small order, and
    a key that says of itself that it is for something else than verifying its curve's signatures.
    """
    kty = str(jwk.get("kty"))
    needed = _MEMBERS.get(kty)
    if needed is None or not needed <= set(jwk) <= needed | _OPTIONAL or _KTY.get(str(jwk["crv"])) != kty:
        raise InvalidRequest(field=field)
    if not _may_verify(jwk):
        raise InvalidRequest(field=field)
    plain: dict[str, str | list[str]] = {name: str(jwk[name]) for name in needed}
    for name in needed - {"kty", "crv"}:
        coordinate = decode(str(plain[name]), field=field)
        if len(coordinate) != _COORDINATE_BYTES or (plain["kty"] == "OKP" and coordinate in WEAK):
            raise InvalidRequest(field=field)
    try:
        key = ECKey.import_key(plain) if plain["kty"] == "EC" else OKPKey.import_key(plain)
        key.raw_value  # noqa: B018  joserfc checks the point when it first builds the key
    except (JoseError, ValueError, KeyError):
        raise InvalidRequest(field=field) from None
    return key


def _may_verify(jwk: Mapping[str, object]) -> bool:
    """Whether a key may verify its curve's signatures (RFC 7517 4.2 to 4.4); what it does not say forbids nothing."""
    operations = jwk.get("key_ops", ["verify"])
    fits = jwk["alg"] in ALGORITHMS[str(jwk["crv"])] if "alg" in jwk else True
    return fits and jwk.get("use", "sig") == "sig" and isinstance(operations, list) and "verify" in operations


def dump_public_key(key: PublicKey) -> str:
    """A public key in the table's form: JSON of its required members."""
    return json.dumps(key.as_dict(private=False), sort_keys=True, separators=(",", ":"))


def load_public_key(text: str) -> PublicKey:
    """The key that `dump_public_key` wrote."""
    return public_key(json.loads(text), field="stored key")


def header_of(token: str) -> dict[str, Any]:
    """The protected header of a compact JWS, not verified yet; raises ValueError for anything else."""
    if len(token) > MAX_JWS_LENGTH or token.count(".") != 2:  # noqa: PLR2004  header, payload, signature
        raise ValueError("not a compact JWS")
    try:
        header = json.loads(decode(token.split(".", maxsplit=1)[0], field="header"))
    except (InvalidRequest, RecursionError):
        raise ValueError("header is not JSON in base64url") from None
    if not isinstance(header, dict):
        raise ValueError("header is no object")  # noqa: TRY004  one kind of error for every malformed token
    return header


def payload_of(token: str, key: PublicKey) -> bytes:
    """What the key signed in a compact JWS; raises ValueError unless the key's own algorithm verifies it."""
    crv = "P-256" if isinstance(key, ECKey) else "Ed25519"
    try:
        return jws.deserialize_compact(token, key, algorithms=list(ALGORITHMS[crv])).payload
    except (JoseError, ValueError) as error:
        raise ValueError("signature does not verify") from error


def payload_by_rsa(token: str, jwk: Mapping[str, str]) -> bytes:
    """What an RSA key of ours signed in a compact JWS (RS256); raises ValueError if it does not verify."""
    try:
        return jws.deserialize_compact(token, RSAKey.import_key(dict(jwk)), algorithms=["RS256"]).payload
    except (JoseError, ValueError) as error:
        raise ValueError("signature does not verify") from error


def is_signature(signature: bytes, message: bytes, key: PublicKey) -> bool:
    """Whether the key signed the message; ES256 signatures are raw r and s, 64 bytes (RFC 7518 3.4)."""
    algorithm = jws.JWSRegistry.algorithms["ES256" if isinstance(key, ECKey) else "EdDSA"]
    return len(signature) == 2 * _COORDINATE_BYTES and algorithm.verify(message, signature, key)
