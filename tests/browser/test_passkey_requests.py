"""What `smartident.js` asks the browser and the service about passkeys, with a browser and a service made up here."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.browser.modules import module_says

# `asked` is what the browser was asked, `sent` what the service got, `told` what the browser was told of the passkeys.
STAGE = """
const [asked, sent, told] = [[], [], []];
const text = (bytes) => Buffer.from(bytes).toString();
const raw = (text) => new TextEncoder().encode(text).buffer;
const [answers, how] = args.map((one) => JSON.parse(one));
const response = { clientDataJSON: raw("client"), attestationObject: raw("attested"), getTransports: () => ["internal"],
  authenticatorData: raw("authenticator"), signature: raw("signed"), userHandle: raw("user") };
const credential = { id: "aWQ", rawId: raw("id"), type: "public-key", authenticatorAttachment: "platform", response };
const prompt = async (options) => {
  asked.push({ ...options, signal: options.signal?.aborted });
  if (how.error) throw new DOMException("", how.error);
  return how.none ? null : credential;
};
const credentials = { get: prompt, create: prompt };
Object.defineProperty(globalThis, "navigator", { value: { credentials }, configurable: true });
const signalAllAcceptedCredentials = async (one) => { told.push(one); throw new Error("not now"); };
const signalCurrentUserDetails = async (one) => { told.push(one); };
if (how.signals) globalThis.PublicKeyCredential = { signalAllAcceptedCredentials, signalCurrentUserDetails };
globalThis.fetch = async (path, { method, body }) => {
  sent.push([method, path, body && JSON.parse(body)]);
  return new Response(JSON.stringify(answers[`${method} ${path}`] ?? {}));
};
const service = new it.SmartIdent({ clientId: "depot" });
const passkeys = new it.Passkeys(service, { login_id: "login", login_token: "token" });
const outcome = async (work) => { try { return await work(); } catch (error) { return error.code ?? String(error); } };
"""
OPTIONS = {"POST /v1/passkeys/options": {"public_key": {"challenge": "Y2hhbGxlbmdl", "userVerification": "required"}}}
LOGIN = {
    "login_id": "l",
    "login_token": "t",
    "status": "cancelled",
    "transfer_code": None,
    "expires_at": 1,
    "socket": None,
}
LISTED: dict[str, Any] = {
    "passkeys": [],
    "login_policy": "phone_or_passkey",
    "looser_from": None,
    "lacks_recovery_codes": False,
    "creation": {
        "challenge": "Y2hhbGxlbmdl",
        "user": {"id": "dXNlcg", "name": "10000001"},
        "excludeCredentials": [{"type": "public-key", "id": "b2xk", "transports": ["usb"]}],
    },
    "accepted": {"rpId": "example.com", "userId": "dXNlcg", "allAcceptedCredentialIds": ["b2xk"]},
    "details": {"rpId": "example.com", "userId": "dXNlcg", "name": "10000001", "displayName": "Anna"},
}
KNOWN = {"GET /v1/passkeys": LISTED}


def page_says(work: str, answers: dict[str, Any] | None = None, **how: object) -> Any:
    """What comes of this work on a page, by Node.js."""
    answers = {**OPTIONS, "POST /v1/passkeys/login": {**LOGIN, "status": "approved"}, **KNOWN, **(answers or {})}
    expression = f"await (async () => {{ {STAGE} {work} }})()"
    return module_says("smartident.js", expression, json.dumps(answers), json.dumps(how))


def test_a_browser_is_asked_for_any_passkey_and_the_service_gets_what_it_signed() -> None:
    asked, sent = page_says(
        """await service.loginWithPasskey({ nonce: "n", signal: new AbortController().signal });
        const [{ publicKey: { challenge, userVerification }, ...rest }] = asked;
        return [[text(challenge), userVerification, rest],
          sent.filter(([, path]) => path.startsWith("/v1/passkeys"))];"""
    )
    assert asked == ["challenge", "required", {"signal": False}]
    signed = {"clientDataJSON": "Y2xpZW50", "authenticatorData": "YXV0aGVudGljYXRvcg", "signature": "c2lnbmVk"}
    assertion = {"id": "aWQ", "rawId": "aWQ", "type": "public-key", "response": {**signed, "userHandle": "dXNlcg"}}
    assert sent == [
        ["POST", "/v1/passkeys/options", {}],
        ["POST", "/v1/passkeys/login", {"assertion": assertion, "client_id": "depot", "nonce": "n"}],
    ]


def test_a_field_lets_the_browser_suggest_and_never_prompt() -> None:
    assert page_says(
        """await service.loginWithPasskey({ conditional: true }); await service.loginWithPasskey();
        return asked.map(({ mediation }) => mediation ?? "prompt");"""
    ) == ["conditional", "prompt"]


@pytest.mark.parametrize("how", [{"none": True}, {"error": "AbortError"}, {"error": "NotAllowedError"}], ids=str)
def test_who_chooses_no_passkey_is_told_nothing_and_sends_nothing(how: dict[str, Any]) -> None:
    work = "const login = await outcome(() => service.loginWithPasskey()); return [login ?? null, sent.length];"
    assert page_says(work, **how) == [None, 1]


def test_a_browser_that_can_ask_for_none_says_so() -> None:
    assert (
        page_says("return outcome(() => service.loginWithPasskey());", error="SecurityError") == "passkey_unavailable"
    )


def test_a_browser_that_has_one_makes_no_second() -> None:
    asked, *rest = page_says(
        """const made = await outcome(() => passkeys.make("Laptop"));
        const [{ publicKey: { challenge, user, excludeCredentials: [known] } }] = asked;
        const ids = [challenge, user.id, known.id].map(text);
        return [[...ids, known.transports], made, sent.map(([method]) => method)];""",
        error="InvalidStateError",
    )
    assert asked == ["challenge", "user", "old", ["usb"]]
    assert rest == ["passkey_known", ["GET"]]


def test_what_fails_before_a_suggested_passkey_is_chosen_is_no_refusal_and_what_fails_after_it_is() -> None:
    asks = "return await outcome(() => service.loginWithPasskey({ conditional: true })) ?? null;"
    assert page_says(asks, error="SecurityError") is None
    assert page_says(asks, {"POST /v1/passkeys/options": 0}) is None
    assert page_says(asks, {"POST /v1/passkeys/login": 0}) == "unreadable_answer"


def test_a_login_that_may_make_none_asks_no_browser() -> None:
    answers = {"GET /v1/passkeys": {**LISTED, "creation": None}}
    work = 'return [await passkeys.make("Laptop"), (await passkeys.list()).mayMake, asked.length];'
    assert page_says(work, answers) == [False, False, 0]


def test_what_a_browser_made_is_sent_with_its_name() -> None:
    made, [method, path, body] = page_says('return [await passkeys.make("Laptop"), sent.at(-1)];')
    assert (made, method, path, body["name"]) == (True, "POST", "/v1/passkeys", "Laptop")
    assert body["credential"]["response"] == {
        "clientDataJSON": "Y2xpZW50",
        "attestationObject": "YXR0ZXN0ZWQ",
        "transports": ["internal"],
    }


def test_a_browser_hears_which_passkeys_are_left_and_may_not_care() -> None:
    """From what was left before: the removal may have ended what this login may ask."""
    ids = ["b2xk", "bmV3"]
    known = {**LISTED, "passkeys": [{"passkey_id": "o"}, {"passkey_id": "p/q"}]}
    known["accepted"] = {**LISTED["accepted"], "allAcceptedCredentialIds": ids}
    work = 'await passkeys.remove("p/q"); return [told, sent.map((one) => one.slice(0, 2))];'
    told, sent = page_says(work, {"GET /v1/passkeys": known}, signals=True)
    left = {**LISTED["accepted"], "allAcceptedCredentialIds": ids[:1]}
    assert told == [known["accepted"], LISTED["details"], left, LISTED["details"]]
    assert sent == [["GET", "/v1/passkeys"], ["DELETE", "/v1/passkeys/p%2Fq"]]
    assert page_says('return await outcome(() => passkeys.remove("p")) ?? "gone";') == "gone"
