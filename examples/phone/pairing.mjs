// A further phone by the old one at a running stack: node pairing.mjs URL NUMBER PASSWORD. It prints what it waits for, and reads it from standard input.
import { createInterface } from "node:readline/promises";
import { Phone, Refused } from "./phone.js";
import { pairingQrCode } from "./signing.js";

const lines = createInterface({ input: process.stdin });
const answers = lines[Symbol.asyncIterator]();
const ask = async (what) => { console.log(what); return (await answers.next()).value; };
const [url, identifier, password] = process.argv.slice(2);
const code = (error) => (error instanceof Refused ? error.problem.code : String(error));

const old = await Phone.make(url, { language: "en" });
await old.verify(await old.register(identifier, password, "Old phone"), await ask("code of the SMS"));

// The new phone shows a QR code and asks on; the old one scans it, once the person said that both phones are theirs.
const phone = await Phone.make(url, { language: "en" });
const registration = await phone.register(identifier, password, "New phone");
console.log(await phone.verify(registration).catch(code));
const qrCode = pairingQrCode(registration.pairing);
const letIn = phone.waitUntilLetIn(registration, 100);
const [waiting] = await old.newDevices();
console.log((await old.letIn(waiting, qrCode)).status);
await letIn;

const transferCode = await ask("log in, and tell the transfer code");
const [login] = await phone.approvals();
console.log((await phone.approve(login, transferCode)).status);
console.log((await phone.devices()).filter(({ state }) => state === "active").map(({ name }) => name).sort().join());

// Recovery codes count once one of them was typed back; with the password one lets a phone in, and is used up.
const made = await old.makeRecoveryCodes();
await old.typedBack(made, made.codes[9]);
const found = await Phone.make(url, { language: "en" });
await found.verify(await found.register(identifier, { password, recovery_code: made.codes[0] }, "Found phone"));
console.log((await old.recoveryCodesLeft()).left, await found.makeRecoveryCodes().catch(code));

// The account's own history; what happened within one second has no order.
console.log((await old.events()).events.filter(({ type }) => type === "device_registered").length);

// A phone that the account had for less than a day freezes it, and leaves opening it to the operator.
await phone.freeze();
const frozen = await phone.frozen();
console.log(frozen.may_open, await phone.open(frozen).catch(code));
lines.close();
