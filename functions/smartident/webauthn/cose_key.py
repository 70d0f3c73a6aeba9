"""COSE keys of authenticators (RFC 9052, RFC 9053), read into JWKs and written with no member but the needed ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webauthn.helpers import parse_cbor

from smartident.crypto.base64url import decode, encode
from smartident.errors import ApprovalInvalid

if TYPE_CHECKING:
    from smartident.crypto.jwk import PublicKey

_LABELS = {1: "kty", 3: "alg", -1: "crv", -2: "x", -3: "y"}
# The names of RFC 7518 and RFC 8037 for what COSE numbers.
_NAMES = {"kty": {1: "OKP", 2: "EC"}, "alg": {-7: "ES256", -8: "EdDSA"}, "crv": {1: "P-256", 6: "Ed25519"}}
# A map of kty, alg, crv, x and y in CTAP2's canonical CBOR, up to the 32 bytes of x, and from there to those of y.
_EC_HEAD, _EC_MIDDLE = bytes.fromhex("a5010203262001215820"), bytes.fromhex("225820")
_OKP_HEAD = bytes.fromhex("a4010103272006215820")


def jwk_of(cose_key: bytes) -> dict[str, object]:
    """The JWK that says the same; raises ApprovalInvalid for a member that a public key does not need.

    Whether the members fit each other, the reader of the JWK decides.
    """
    members = parse_cbor(cose_key)
    if not isinstance(members, dict) or not members.keys() <= _LABELS.keys():
        raise ApprovalInvalid("no COSE key, or one with further members")
    return {_LABELS[label]: _value(_LABELS[label], value) for label, value in members.items()}


def cose_key_of(key: PublicKey) -> bytes:
    """The COSE key with its needed members alone."""
    jwk = key.as_dict(private=False)
    x = decode(str(jwk["x"]), field="x")
    if "y" in jwk:
        return _EC_HEAD + x + _EC_MIDDLE + decode(str(jwk["y"]), field="y")
    return _OKP_HEAD + x


def _value(name: str, value: object) -> object:
    if name in _NAMES:
        return _NAMES[name].get(value) if isinstance(value, int) else None
    return encode(value) if isinstance(value, bytes) else None
