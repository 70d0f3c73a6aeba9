// Steps 3 to 8 at a running stack: node story.mjs URL NUMBER PASSWORD. It prints what it waits for, and reads it from standard input.
import { createInterface } from "node:readline/promises";
import { Phone, Refused } from "./phone.js";

const lines = createInterface({ input: process.stdin });
const answers = lines[Symbol.asyncIterator]();
const ask = async (what) => { console.log(what); return (await answers.next()).value; };
const [url, identifier, password] = process.argv.slice(2);

// A clock that is an hour behind: the first refusal says so, and the phone goes on by the service's.
const phone = await Phone.make(url, { language: "en", clock: () => Date.now() / 1000 - 3600 });
const registration = await phone.register(identifier, password, "TypeScript");
await phone.verify(registration, await ask("code of the SMS"));
await ask("log in");
const [denied] = await phone.approvals();
await phone.deny(denied, "changed_my_mind");
const code = await ask("log in, and tell the transfer code");
const [waiting] = await phone.approvals();
await phone.approve(waiting, code);
const refused = await phone.approve({ ...waiting, login_id: denied.login_id }, code).catch((error) => error);
console.log(refused instanceof Refused ? refused.problem.code : refused);
console.log((await phone.devices()).filter(({ state }) => state === "active").length);
await phone.signOut();
console.log(await phone.approvals().catch(({ problem }) => problem.code));
lines.close();
