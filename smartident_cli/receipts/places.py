"""Where each row of an export lies: in this account, under the key of its kind, and nothing twice."""

from typing import Any

from smartident.storage import ciba_keys, client_keys, enrolment_keys, keys, passkey_keys, push_keys

Row = dict[str, Any]
# What lies in the account's own partition once, and what each of the others' sort keys begins with.
ONCE = {
    "account": keys.account("").sk,
    "delayed_registration": enrolment_keys.delayed_registration("").sk,
    "enrolment_code": enrolment_keys.enrolment_code("").sk,
    "pairing": keys.pairing("").sk,
}
MANY = {
    "authorization": client_keys.new_authorization("", "").sk,
    "device": keys.device("", "").sk,
    "login": keys.new_login("", "").sk,
    "logout": client_keys.logout("", "").sk,
    "notice": keys.notice("", "").sk,
    "passkey": passkey_keys.passkey("", "").sk,
    "ping": ciba_keys.PINGS,
    "push_subscription": push_keys.subscription("", "").sk,
    "record": keys.audit_record("", "").sk,
    "registration": keys.new_registration("", "").sk,
    "rings": ciba_keys.rings("", "").sk,
    "session": client_keys.new_session("", "").sk,
}
# Two sets: the one that counts, and the one that was made last.
RECOVERY_CODES = {keys.valid_recovery_codes("").sk, keys.made_recovery_codes("").sk}
OF_THE_ACCOUNT = ONCE.keys() | MANY.keys() | {"recovery_codes"}
BESIDE_IT = {"number", "email", "external_id", "counter"}


class Places:
    """The keys of an export's rows, as they come by."""

    def __init__(self, account_id: str, access_number: str) -> None:
        self._account_id = account_id
        self._access_number = access_number
        self._seen: set[tuple[object, object]] = set()

    def is_strange(self, row: Row) -> bool:
        """Whether the row is there already, belongs to another account, or lies where its kind does not."""
        kind, place = row.get("kind"), (row.get("pk"), row.get("sk"))
        doubled = place in self._seen
        self._seen.add(place)
        return doubled or not (self._lies_beside(kind, row) if kind in BESIDE_IT else self._lies_within(kind, row))

    def _lies_within(self, kind: object, row: Row) -> bool:
        sk = str(row.get("sk", ""))
        if row.get("pk") != self._account_id:
            return False
        if kind == "account" and row.get("access_number") != self._access_number:
            return False
        if kind == "recovery_codes":
            return sk in RECOVERY_CODES
        return sk == ONCE.get(str(kind)) or is_part_of(sk, MANY.get(str(kind)))

    def _lies_beside(self, kind: object, row: Row) -> bool:
        """Whether it leads to the account, or counts its SMS."""
        pk, sk = str(row.get("pk")), row.get("sk")
        if kind == "counter":
            return pk == keys.counters("sms-account", self._account_id)
        if kind == "email":
            return pk.startswith(keys.email("", "").pk) and sk == self._account_id
        own = kind == "external_id" or (pk, sk) == keys.access_number(self._access_number)
        return own and row.get("account_id") == self._account_id


def is_part_of(sk: str, prefix: str | None) -> bool:
    """Whether a sort key begins so, and says more."""
    return prefix is not None and sk.startswith(prefix) and sk != prefix
