"""No function loads at its start what it does not use: every module costs the person who waits for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from smartident_laptop.template import ROOT

JOSE, HASHES, PASSKEYS, TABLE = "joserfc", "cryptography.hazmat.primitives.kdf.argon2", "webauthn", "pynamodb"
FOREIGN = "smartident.passwords.legacy_formats"
# What begins logins, and what only operators do.
STARTS, OPERATORS = "smartident.logins.start", "smartident.admin"
# What only these load, so that no login of today pays for it.
OPENID = "smartident.oauth"
OF_OPENID_CONNECT = {"authorize", "ciba", "end_session", "enrolment_codes", "interaction", "token_endpoint"}
UNUSED = {
    "back_channel_logout": {HASHES, JOSE, PASSKEYS, FOREIGN, "aws_lambda_powertools.event_handler"},
    "approve": {HASHES, PASSKEYS, FOREIGN},
    "authorize": {HASHES, JOSE, PASSKEYS, FOREIGN},
    "browser": {HASHES, JOSE, PASSKEYS, FOREIGN, "aws_lambda_powertools.event_handler"},
    "ciba": {HASHES, JOSE, PASSKEYS, FOREIGN},
    "complete": {HASHES, JOSE, PASSKEYS, FOREIGN, "cryptography.hazmat.primitives.serialization.ssh"},
    "dispatch": {HASHES, JOSE, PASSKEYS, FOREIGN, TABLE, "aws_lambda_powertools.event_handler"},
    "devices": {HASHES, PASSKEYS, FOREIGN},
    "end_session": {HASHES, PASSKEYS, FOREIGN},
    "enrolment_codes": {HASHES, JOSE, PASSKEYS, FOREIGN},
    "freeze": {HASHES, PASSKEYS, FOREIGN},
    "interaction": {HASHES, JOSE, PASSKEYS, FOREIGN},
    "login": {JOSE, PASSKEYS, FOREIGN},
    "login_status": {HASHES, JOSE, PASSKEYS, FOREIGN},
    "notify": {HASHES, JOSE, PASSKEYS, FOREIGN, "aws_lambda_powertools.event_handler"},
    "passkeys": {HASHES, FOREIGN},
    "ping": {HASHES, JOSE, PASSKEYS, FOREIGN, "aws_lambda_powertools.event_handler"},
    "push": {HASHES, JOSE, PASSKEYS, FOREIGN, "aws_lambda_powertools.event_handler"},
    "push_subscription": {HASHES, PASSKEYS, FOREIGN},
    "recovery_codes": {HASHES, PASSKEYS, FOREIGN},
    "register_key": {PASSKEYS, FOREIGN},
    "signing_keys": {HASHES, JOSE, PASSKEYS, FOREIGN, TABLE},
    "token_endpoint": {HASHES, JOSE, PASSKEYS, FOREIGN},
    "verify_sms": {HASHES, PASSKEYS, FOREIGN},
}
# As in Lambda, where botocore finds no pyOpenSSL that it would load for nothing (tools/package.py).
LOADED = "import sys; sys.modules['urllib3.contrib.pyopenssl'] = None; import {0}.handler; print(*sys.modules)"


@pytest.mark.parametrize("function", UNUSED)
def test_a_function_loads_nothing_that_it_does_not_use(function: str) -> None:
    told = subprocess.run(  # noqa: S603  our own modules
        [sys.executable, "-c", LOADED.format(function)],
        cwd=ROOT / "functions",
        capture_output=True,
        check=True,
        text=True,
    )
    never = {OPERATORS} if function in {"login", "passkeys"} else {OPERATORS, STARTS}
    loaded = told.stdout.split()
    if function not in OF_OPENID_CONNECT:
        never |= {OPENID, "smartident.oidc", "smartident.oauth_http"}
    assert (UNUSED[function] | never).isdisjoint(loaded)


def test_every_function_is_asked() -> None:
    assert UNUSED.keys() == {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}
