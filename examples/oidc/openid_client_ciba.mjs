// npm openid-client asks a phone by itself (CIBA). It prints what it began, with the digits for the person; then who approved.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/index.js`);
const client = await import(pathToFileURL(require.resolve("openid-client")).href);
const [issuer, clientId, secret, hint, port] = process.argv.slice(2);
const config = await client.discovery(new URL(issuer), clientId, { id_token_signed_response_alg: "ES256" }, client.ClientSecretBasic(secret), {
  execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
});
const token = client.randomState();
// With a port it asks for the tokens only after a ping has come there.
const pinged = port && await new Promise((listening) => {
  const ping = new Promise((heard) => {
    const server = createServer(async (request, answer) => {
      heard({ bearer: request.headers.authorization, ...JSON.parse(await text(request)) });
      answer.writeHead(204).end();
    });
    server.listen(Number(port), "127.0.0.1", () => listening({ ping }));
  });
});
const begun = await client.initiateBackchannelAuthentication(config, {
  scope: "openid profile", login_hint: hint, binding_message: "Vertrag 17", ...(pinged && { client_notification_token: token }),
});
console.log(JSON.stringify(begun));
if (pinged) {
  const { bearer, auth_req_id } = await pinged.ping;
  if (bearer !== `Bearer ${token}` || auth_req_id !== begun.auth_req_id) throw new Error("this ping is about another request");
}
const tokens = await client.pollBackchannelAuthenticationGrant(config, begun);
const user = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
console.log(JSON.stringify({ claims: tokens.claims(), user }));
process.exit(0);
