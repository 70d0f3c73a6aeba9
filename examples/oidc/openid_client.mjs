// npm openid-client (certified by the OpenID Foundation). It prints its link and reads where the browser was sent; then who it was.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/index.js`);
const client = await import(pathToFileURL(require.resolve("openid-client")).href);
const [issuer, clientId, secret, redirectUri, way] = process.argv.slice(2);
// With `+par` the request is pushed first: the link holds a reference alone. With `+dpop` the tokens are bound to a key.
const [method, ...also] = way.split("+");
const pushes = also.includes("par");
const authentication = {
  client_secret_basic: () => client.ClientSecretBasic(secret),
  client_secret_post: () => client.ClientSecretPost(secret),
  none: () => client.None(),
  private_key_jwt: async () => {
    const { kid, ...jwk } = JSON.parse(secret);
    return client.PrivateKeyJwt({ key: await crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]), kid });
  },
}[method];
const config = await client.discovery(new URL(issuer), clientId, { id_token_signed_response_alg: "ES256" }, await authentication(), {
  execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
});
const DPoP = also.includes("dpop") ? client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256")) : undefined;
const pkceCodeVerifier = client.randomPKCECodeVerifier();
const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
const build = pushes ? client.buildAuthorizationUrlWithPAR : client.buildAuthorizationUrl;
const link = await build(config, {
  redirect_uri: redirectUri, scope: "openid profile", state: expectedState, nonce: expectedNonce,
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: "S256",
}, { DPoP });
console.log(link.href);
const [sentTo] = await new Promise((resolve) => createInterface({ input: process.stdin }).once("line", (line) => resolve([line])));
const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
const tokens = await client.authorizationCodeGrant(config, new URL(sentTo), checks, undefined, { DPoP });
if (tokens.token_type !== (DPoP ? "dpop" : "bearer")) throw new Error(`token_type ${tokens.token_type}`);
const user = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
// The person comes back here once the session at the provider has ended.
const [bye, state] = [redirectUri.replace(/callback$/, ""), client.randomState()];
const logout = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: bye, state });
console.log(JSON.stringify({ claims: tokens.claims(), user, logout: logout.href, bye: `${bye}?state=${state}` }));
process.exit(0);
