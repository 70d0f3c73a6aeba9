"""The floor: what no way to write a journey goes below with the same hash, the same keys and the same AWS calls."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.config import Config
from botocore.session import Session
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from bench.cassette import ENROLMENT, LOGIN
from smartident_client.keys import Key
from smartident_laptop.moto.cloud import CREDENTIALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.cassette import Call, Cassette

# A login: two device proofs and the decision. An enrolment: two device proofs and the approval key's own. KMS signs.
SIGNATURES = {LOGIN: 3, ENROLMENT: 3}
HASHES = {LOGIN: 1, ENROLMENT: 1}
SALT = b"sixteen bytes ok"
MESSAGE = b"x" * 400


class Floor:
    """The bare parts of a journey, each called as often as the journey needs it."""

    def __init__(self, cassette: Cassette, url: str) -> None:
        self._session = Session()
        self._url = url
        self._clients: dict[str, Any] = {}
        self.calls = {
            name: [(self._bound(call), call.ask) for call in calls if call.operation != "GetSecretValue"]
            for name, calls in cassette.journeys.items()
        }
        self._cost = {
            name: int(cassette.settings[f"ARGON2_{name.upper()}"]) for name in ("memory_kib", "time", "lanes")
        }
        self._phc = self._argon2().derive_phc_encoded(b"Sommerregen-17")
        key = Key.make()
        self._signature = key.sign_as_made(MESSAGE)
        self._point = key.private.public_key().public_numbers()  # type: ignore[union-attr]  # of a P-256 key

    def parts(self, journey: str) -> dict[str, float]:
        """The processor's seconds of each bare part of a journey, taken just now."""
        return {
            "hash": taken([self.hashed] * HASHES[journey]),
            "signatures": taken([self.verified] * SIGNATURES[journey]),
            "calls": taken([partial(call, **ask) for call, ask in self.calls[journey]]),
        }

    def hashed(self) -> None:
        """One check of a password at the cost that the template asks for."""
        Argon2id.verify_phc_encoded(b"Sommerregen-17", self._phc, b"measured")

    def verified(self) -> None:
        """One signature verified, its key made from the numbers that the table holds."""
        key = ec.EllipticCurvePublicNumbers(self._point.x, self._point.y, ec.SECP256R1()).public_key()
        key.verify(self._signature, MESSAGE, ec.ECDSA(hashes.SHA256()))

    def _argon2(self) -> Argon2id:
        return Argon2id(
            salt=SALT,
            length=32,
            iterations=self._cost["time"],
            lanes=self._cost["lanes"],
            memory_cost=self._cost["memory_kib"],
            secret=b"measured",
        )

    def _bound(self, call: Call) -> Callable[..., Any]:
        if call.service not in self._clients:
            # Without the check of arguments, as pynamodb has it too: the cheaper of botocore's two ways.
            self._clients[call.service] = self._session.create_client(
                call.service,
                region_name=CREDENTIALS["AWS_REGION"],
                endpoint_url=self._url,
                config=Config(parameter_validation=False),
            )
        bound: Callable[..., Any] = getattr(self._clients[call.service], xform_name(call.operation))
        return bound


def taken(parts: list[Callable[[], object]]) -> float:
    """The processor's seconds that the parts take."""
    began = time.process_time()
    for part in parts:
        part()
    return time.process_time() - began
