"""requests_oauth2client asks a phone by itself (CIBA): it prints what it began, polls, and says who approved."""

import json
import sys

import requests
from requests_oauth2client import BackChannelAuthenticationPollingJob, OAuth2Client

issuer, client_id, secret, hint = sys.argv[1:5]
metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=20).json()
client = OAuth2Client(
    token_endpoint=metadata["token_endpoint"],
    backchannel_authentication_endpoint=metadata["backchannel_authentication_endpoint"],
    jwks_uri=metadata["jwks_uri"],
    authorization_server_jwks=requests.get(metadata["jwks_uri"], timeout=20).json(),
    issuer=issuer,
    client_id=client_id,
    client_secret=secret,
    id_token_signed_response_alg="ES256",  # noqa: S106  an algorithm
    testing=True,
)
begun = client.backchannel_authentication_request(scope="openid profile", login_hint=hint, binding_message="Vertrag 17")
# The digits are for the person: they go onto the client's page.
print(json.dumps({"auth_req_id": begun.auth_req_id, "transfer_code": begun.transfer_code}), flush=True)
job = BackChannelAuthenticationPollingJob(client, begun)
while (token := job()) is None:
    pass
token.id_token.validate(client.authorization_server_jwks, alg="ES256", issuer=issuer, audience=client_id)
user = requests.get(
    metadata["userinfo_endpoint"], headers={"Authorization": f"Bearer {token.access_token}"}, timeout=20
).json()
print(json.dumps({"claims": dict(token.id_token.claims), "user": user}))
