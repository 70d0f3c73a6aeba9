"""Where each row of an export lies: in this account, under the key of its kind, and nothing twice."""

from typing import Any

from smartident.storage import keys

Row = dict[str, Any]
# What lies in the account's own partition.
OF_THE_ACCOUNT = {
    "account",
    "authorization",
    "delayed_registration",
    "device",
    "enrolment_code",
    "login",
    "logout",
    "notice",
    "pairing",
    "passkey",
    "ping",
    "push_subscription",
    "record",
    "recovery_codes",
    "registration",
    "rings",
    "session",
}
BESIDE_IT = {"number", "email", "external_id", "counter"}


class Places:
    """The keys of an export's rows, as they come by."""

    def __init__(self, account_id: str, access_number: str) -> None:
        self._account = keys.account(account_id)
        self._access_number = access_number
        self._number = keys.access_number(access_number)
        self._seen: set[tuple[object, object]] = set()

    def is_strange(self, row: Row) -> bool:
        """Whether the row is there already, or belongs to another account."""
        kind, place = row.get("kind"), (row.get("pk"), row.get("sk"))
        doubled = place in self._seen
        self._seen.add(place)
        if kind == "account":
            return doubled or place != self._account or row.get("access_number") != self._access_number
        if kind == "number":
            return doubled or place != self._number or row.get("account_id") != self._account.pk
        if kind in BESIDE_IT:
            return doubled
        return doubled or kind not in OF_THE_ACCOUNT or row["pk"] != self._account.pk
