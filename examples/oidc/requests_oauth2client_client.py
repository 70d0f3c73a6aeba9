"""requests_oauth2client as a client of OpenID Connect: it checks `iss`, state and nonce itself."""

import json
import sys

import requests
from requests_oauth2client import OAuth2Client

issuer, client_id, secret, redirect_uri, _ = sys.argv[1:6]
metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=20).json()
client = OAuth2Client(
    token_endpoint=metadata["token_endpoint"],
    authorization_endpoint=metadata["authorization_endpoint"],
    userinfo_endpoint=metadata["userinfo_endpoint"],
    jwks_uri=metadata["jwks_uri"],
    authorization_server_jwks=requests.get(metadata["jwks_uri"], timeout=20).json(),
    issuer=issuer,
    redirect_uri=redirect_uri,
    client_id=client_id,
    client_secret=secret,
    authorization_response_iss_parameter_supported=True,
    id_token_signed_response_alg="ES256",  # noqa: S106  an algorithm
    testing=True,
)
asked = client.authorization_request(scope="openid profile")
print(asked.uri, flush=True)
answer = asked.validate_callback(sys.stdin.readline().strip())
token = client.authorization_code(answer, validate=True)
user = requests.get(
    metadata["userinfo_endpoint"], headers={"Authorization": f"Bearer {token.access_token}"}, timeout=20
).json()
print(json.dumps({"claims": dict(token.id_token.claims), "user": user}))
