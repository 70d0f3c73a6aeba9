// What a browser does with a push message, by http_ece (RFC 8188, RFC 8291): keys and body in, the message out.
import { createECDH } from "node:crypto";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const ece = createRequire(`${process.env.NODE_MODULES}/`)("http_ece");
const { d, auth, body } = JSON.parse(await text(process.stdin));
const privateKey = createECDH("prime256v1");
privateKey.setPrivateKey(d, "base64url");
process.stdout.write(ece.decrypt(Buffer.from(body, "base64url"), { version: "aes128gcm", privateKey, authSecret: auth }));
