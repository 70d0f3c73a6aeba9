"""Authlib as a client of OpenID Connect. It prints its link and reads where the browser was sent; then who it was."""

import json
import sys

from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

issuer, client_id, secret, redirect_uri, method = sys.argv[1:6]
public = method == "none"
session = OAuth2Session(
    client_id,
    None if public else secret,
    scope="openid profile",
    redirect_uri=redirect_uri,
    code_challenge_method="S256",
    token_endpoint_auth_method=method,
)
metadata = session.get(f"{issuer}/.well-known/openid-configuration", withhold_token=True).json()
verifier = "v" * 43
link, state = session.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier, nonce="n-1")
print(link, flush=True)
sent_to = sys.stdin.readline().strip()
token = session.fetch_token(
    metadata["token_endpoint"], authorization_response=sent_to, state=state, code_verifier=verifier
)
keys = KeySet.import_key_set(session.get(metadata["jwks_uri"], withhold_token=True).json())
claims = jwt.decode(token["id_token"], keys, algorithms=["ES256"]).claims
registry = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": issuer},
    aud={"essential": True, "value": client_id},
    nonce={"essential": True, "value": "n-1"},
)
registry.validate(claims)
user = session.get(metadata["userinfo_endpoint"]).json()
print(json.dumps({"claims": claims, "user": user}))
