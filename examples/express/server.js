// A back end that begins a session with smartIDENT's id_token: Express and jose (docs/integrate.md).
// SMARTIDENT_URL=http://localhost:8080 CLIENT_ID=app ORIGIN=http://localhost:5173 PORT=8000 node server.js
// ACR_VALUES says what is enough for a session, by the names in docs/integrate.md; as it comes a phone or a passkey.
import { randomBytes, timingSafeEqual } from "node:crypto";
import express from "express";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";

const { SMARTIDENT_URL: issuer, CLIENT_ID: audience, ORIGIN: origin, PORT: port } = process.env;
const [BY_PHONE, BY_PASSKEY] = ["urn:smartident:acr:approved-by-phone", "urn:smartident:acr:phishing-resistant"];
const acrValues = (process.env.ACR_VALUES ?? `${BY_PHONE} ${BY_PASSKEY}`).split(/ +/);
const LEEWAY = 60;
// A cookie with this prefix is of this host alone; browsers take it over TLS only.
const secure = origin.startsWith("https:");
const [NONCE, SESSION] = ["nonce", "session"].map((name) => (secure ? "__Host-" : "") + name);
const cookie = { httpOnly: true, sameSite: "lax", secure, path: "/" };

// Keys are kept for five minutes. An unknown kid is looked for, but at most every ten seconds: not by every forged token.
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), { cacheMaxAge: 300_000, cooldownDuration: 10_000, timeoutDuration: 5_000 });
// In a real back end: tables that all instances share. `used` is unique by jti, and forgets what has expired.
const used = new Map();
const sessions = new Map();
const random = () => randomBytes(32).toString("base64url");

/** Refuses requests of other pages: else a stranger's page logs its visitors in as the stranger. */
function ownPage(request, response, next) {
  if (request.get("Origin") !== origin) return void response.sendStatus(403);
  next();
}

function cookieOf(request, name) {
  const pairs = (request.get("Cookie") ?? "").split(/; */).map((pair) => pair.split("="));
  return pairs.find(([key]) => key === name)?.[1] ?? "";
}

function same(left, right) {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && one.length > 0 && timingSafeEqual(one, other);
}

/** The claims of a token that was made for this client and browser just now, and is used for the first time. */
async function verified(token, nonce) {
  const requiredClaims = ["iss", "sub", "aud", "iat", "exp", "jti", "nonce", "acr"];
  const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms: ["ES256"], clockTolerance: LEEWAY, requiredClaims });
  if (!same(String(payload.nonce), nonce)) throw new errors.JWTInvalid("made for another browser");
  if (!acrValues.includes(payload.acr)) throw new errors.JWTInvalid("not enough for a session");
  for (const [jti, until] of used) if (until < Date.now() / 1000) used.delete(jti);
  if (used.has(payload.jti)) throw new errors.JWTInvalid("used before");
  used.set(payload.jti, payload.exp + LEEWAY);
  return payload;
}

const app = express();

// Before `service.login(…, { nonce })`: what ties the token to this browser.
app.post("/nonce", ownPage, (_, response) => {
  const nonce = random();
  response.cookie(NONCE, nonce, { ...cookie, maxAge: 600_000 }).json({ nonce });
});

// A session begins once for each token. It gets a new id: nobody can have planted it.
app.post("/session", ownPage, express.json({ limit: "16kb" }), async (request, response) => {
  let claims;
  try {
    claims = await verified(String(request.body?.id_token), cookieOf(request, NONCE));
  } catch (error) {
    // Without keys nothing can be verified: try again. Everything else is no token of ours.
    const later = error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError);
    return void response.sendStatus(later ? 503 : 401);
  }
  const session = random();
  // `external_id` is your own name for the person, where the operator has set one.
  sessions.set(session, claims.external_id ?? claims.sub);
  response.clearCookie(NONCE, cookie).cookie(SESSION, session, cookie).sendStatus(204);
});

app.get("/me", (request, response) => {
  const user = sessions.get(cookieOf(request, SESSION));
  if (user === undefined) return void response.sendStatus(401);
  response.json({ user });
});

// Sign out: the session ends here, not only in the browser.
app.delete("/session", ownPage, (request, response) => {
  sessions.delete(cookieOf(request, SESSION));
  response.clearCookie(SESSION, cookie).sendStatus(204);
});

app.listen(Number(port), "127.0.0.1");
