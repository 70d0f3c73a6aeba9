// npm openid-client (certified by the OpenID Foundation). It prints its link and reads where the browser was sent; then who it was.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/index.js`);
const client = await import(pathToFileURL(require.resolve("openid-client")).href);
const [issuer, clientId, secret, redirectUri, way] = process.argv.slice(2);
// With `+par` the request is pushed first: the link holds a reference alone.
const [method, pushes] = way.split("+");
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
const pkceCodeVerifier = client.randomPKCECodeVerifier();
const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
const build = pushes ? client.buildAuthorizationUrlWithPAR : client.buildAuthorizationUrl;
const link = await build(config, {
  redirect_uri: redirectUri, scope: "openid profile", state: expectedState, nonce: expectedNonce,
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: "S256",
});
console.log(link.href);
const [sentTo] = await new Promise((resolve) => createInterface({ input: process.stdin }).once("line", (line) => resolve([line])));
const tokens = await client.authorizationCodeGrant(config, new URL(sentTo), { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true });
const user = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
console.log(JSON.stringify({ claims: tokens.claims(), user }));
process.exit(0);
