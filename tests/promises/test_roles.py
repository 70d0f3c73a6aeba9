"""Least privilege, both ways: a person's whole way needs all that the functions' roles allow, and nothing beside it."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from botocore.client import BaseClient

from labs.rehearsal.outgoing_rights import OUTGOING, due, is_outgoing
from smartident.accounts.item.row import AccountRow
from smartident.devices.device import DeviceRow
from smartident.enrolment.enrolment_code import EnrolmentCodeRow
from smartident.logins.login import LoginRow
from smartident.notices.outbox import NoticeRow
from smartident.oauth.authorization import AuthorizationRow
from smartident.passkeys.passkey import PasskeyRow
from smartident.recovery.code_set import RecoveryCodesRow
from smartident.sessions.session import SessionRow
from smartident.storage import client_keys, keys, passkey_keys
from smartident.storage.table import Row
from smartident_laptop.template import ROOT
from tests.promises import journey
from tests.promises.recovering import lose_the_passkeys
from tests.support.iam_policies import Access, accesses, decided
from tests.support.iam_roles import FUNCTIONS, actions, calling_function, statements
from tests.support.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.fake_aws import Aws

# What opens an account: who sets one of these lets somebody in, or decides whom an SMS or an e-mail reaches.
GRANTING: dict[type[Row], set[str]] = {
    AccountRow: {
        *("access_number", "display_name", "email", "phone", "two_factor", "frozen", "password_hash", "external_ids"),
        "account_login_policy",
        *("account_mac", "password_mac", "grant_epoch", "passkey_epoch", "frozen_at", "recovery_codes_mac"),
    },
    DeviceRow: {"device_key", "approval_kind", "approval_key", "credential_id", "mac"},
    PasskeyRow: {"credential_id", "public_key", "mac"},
    RecoveryCodesRow: {"code_macs", "mac"},
    LoginRow: {"mac", "completion_mac", "grant_epoch"},
    EnrolmentCodeRow: {"code_mac"},
    NoticeRow: {"former_email", "former_phone"},
    AuthorizationRow: {"authorization_mac", "grant_epoch"},
    SessionRow: {"session_mac", "grant_epoch"},
}
# Partitions that are no account's, by what their keys begin with.
PARTITIONS = {
    "CHALLENGE#*": passkey_keys.used_challenge("x").pk,
    "CREDENTIAL#*": passkey_keys.credential("x").pk,
    "CLIENTS": client_keys.client("x").pk,
    "EMAIL#*": keys.email("a@b.example", "x").pk,
    "EXTERNAL#*": client_keys.external_id("a", "b").pk,
    "LIMIT#*": keys.counter("sms-day", "x", 1).pk,
    "NUMBER#*": keys.access_number("1").pk,
    "OAUTH#*": client_keys.of_client("ASSERTION", "x").pk,
    "UNKNOWN#*": keys.unknown_name("x").pk,
}
ACCOUNT = keys.account("qe4bcdb3qxsstpmaiuvz6z2qia").pk
READS = ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:ConditionCheckItem")
WRITES = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
# Lambda itself reads the stream and the queues, in the name of the role.
ASKED_BY_LAMBDA = {
    *(f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")),
    *(f"sqs:{name}" for name in ("DeleteMessage", "GetQueueAttributes", "ReceiveMessage")),
}
ON_TABLE = [name for name in FUNCTIONS if "dynamodb:GetItem" in actions(name) or "dynamodb:Query" in actions(name)]


@dataclass
class Used:
    """What a function asked of AWS: the actions, the partitions it touched and wrote, the attributes it wrote."""

    actions: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)

    def note(self, access: Access) -> None:
        """One more access."""
        self.actions.add(access.action)
        places = {
            name for name in PARTITIONS for one in access.context.get("dynamodb:LeadingKeys", ()) if is_in(one, name)
        }
        self.touched |= places
        if access.action in WRITES:
            self.written |= places
            self.attributes |= set(access.context["dynamodb:Attributes"])


def is_in(pk: str, name: str) -> bool:
    return pk.startswith(name.rstrip("*")) if name.endswith("*") else pk == name


@pytest.fixture(scope="module")
def used(cloud: Aws) -> Iterator[dict[str, Used]]:
    """What each function asked of AWS on the whole way; what its role does not allow has already failed."""
    patch = pytest.MonkeyPatch()
    world = World(patch, cloud)
    world.provision()
    seen: dict[str, Used] = defaultdict(Used)
    held = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore has no door for this

    def written(self: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        function = calling_function()
        if function is not None:
            for access in accesses(self.meta.service_model.service_name, operation, arguments):
                seen[function].note(access)
        return held(self, operation, arguments)

    patch.setattr(BaseClient, "_make_api_call", written)
    walked = journey.whole(world)
    journey.log_in_with_an_old_hash(walked)
    journey.mistype_at_enrolment(walked)
    journey.enrol_a_passkey(walked)
    journey.log_in_uniformly(walked)
    journey.be_told_by_sms(walked)
    journey.be_woken_by_a_login(walked)
    journey.be_pinged(walked)
    journey.be_dispatched(walked)
    journey.retire_the_first_phone(walked)
    lose_the_passkeys(walked)
    yield seen
    patch.undo()


def may(function: str, action: str, pk: str, *attributes: str) -> bool:
    """Whether the function's role lets it, were the action its own."""
    context = {"dynamodb:LeadingKeys": (pk,), "dynamodb:Attributes": ("pk", "sk", *attributes)}
    allowed = {"Effect": "Allow", "Action": action}
    return decided([*statements(function), allowed], Access(action, context))


def test_a_role_allows_what_its_function_needs_and_nothing_else(used: dict[str, Used]) -> None:
    """What a function needs no more stays for one release, in labs/rehearsal/outgoing_rights.py (decision 16)."""
    allowed = {
        function: {one for one in actions(function) - ASKED_BY_LAMBDA if not is_outgoing(function, one)}
        for function in FUNCTIONS
    }
    assert {name: one.actions for name, one in used.items()} == allowed


def test_what_nobody_needs_any_more_stays_for_one_release_and_no_longer() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert due(project["project"]["version"]) == []
    assert [right for right in OUTGOING if right[1] not in actions(right[0])] == []


@pytest.mark.parametrize("function", ON_TABLE)
def test_a_role_keeps_its_function_from_every_partition_that_it_does_not_need(
    used: dict[str, Used], function: str
) -> None:
    own = used[function]
    read = {name for name, pk in PARTITIONS.items() if any(may(function, action, pk) for action in READS)}
    written = {name for name, pk in PARTITIONS.items() if any(may(function, action, pk) for action in WRITES)}
    assert (read, written) == (own.touched, own.written)
    assert all(may(function, action, ACCOUNT) for action in (*READS, *WRITES))


@pytest.mark.parametrize("function", ON_TABLE)
@pytest.mark.parametrize("action", WRITES)
def test_a_role_lets_its_function_set_what_opens_an_account_only_where_it_does(
    used: dict[str, Used], function: str, action: str
) -> None:
    granting = set().union(*GRANTING.values())
    settable = {name for name in granting if may(function, action, ACCOUNT, name)}
    assert settable == granting & used[function].attributes


def test_who_sets_what_opens_an_account(used: dict[str, Used]) -> None:
    """Nobody turns a second factor off or changes a phone number but the operator's command."""
    granting = set().union(*GRANTING.values())
    assert {name: granting & one.attributes for name, one in used.items() if granting & one.attributes} == {
        "Login": {"password_hash", "password_mac", "account_mac", "mac", "grant_epoch"},
        "RegisterKey": {"password_hash", "password_mac", "account_mac", "mac", "device_key", "grant_epoch"}
        | {"account_login_policy"},
        "VerifySms": {"device_key", "approval_kind", "approval_key", "credential_id", "mac", "account_mac"}
        | {"code_macs", "recovery_codes_mac"},
        "RecoveryCodes": {"code_macs", "recovery_codes_mac", "mac", "account_mac", "grant_epoch"},
        "Approve": {"account_mac", "mac", "grant_epoch"},
        "Complete": {"completion_mac", "grant_epoch"},
        "Authorize": {"grant_epoch", "authorization_mac", "session_mac"},
        "EndSession": {"session_mac"},
        "Interaction": {"completion_mac", "grant_epoch", "authorization_mac", "session_mac"},
        "TokenEndpoint": {"authorization_mac", "completion_mac", "grant_epoch"},
        "Ciba": {"mac", "grant_epoch"},
        "EnrolmentCodes": {"mac", "grant_epoch", "code_mac", "account_mac"},
        "Passkeys": {
            *("mac", "account_mac", "grant_epoch", "passkey_epoch", "public_key", "credential_id"),
            "account_login_policy",
        },
        "Devices": {"mac", "account_mac", "grant_epoch", "recovery_codes_mac"},
        "Freeze": {"mac", "account_mac", "grant_epoch", "frozen", "frozen_at", "recovery_codes_mac"}
        | {"account_login_policy"},
    }


@pytest.mark.parametrize("row", GRANTING, ids=lambda row: row.__name__)
def test_what_opens_an_account_is_named_as_its_rows_name_it(row: Any) -> None:
    assert GRANTING[row] <= set(row.get_attributes())
