"""The table that the template makes is the one that the rows write: keys, kinds, attributes, and what is cleaned up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from smartident.accounts.limits import rings  # noqa: F401  loaded by few, so that its rows are known here
from smartident.admin.change import change_external_id
from smartident.admin.unlock import unlock
from smartident.ciba import kept_request  # noqa: F401  as above
from smartident.freeze.freeze import freeze_account
from smartident.oauth import authorization, client_assertion  # noqa: F401  loaded by few, so that their rows are known here
from smartident.oauth_dpop import proof  # noqa: F401  as above
from smartident.oidc import pushed_request  # noqa: F401  as above
from smartident.sessions import session  # noqa: F401  as above
from smartident.storage.table import Row
from smartident_laptop.template import ROOT, Template
from tests.promises import journey
from tests.support.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.fake_aws import Aws

TEMPLATE = Template()
# Every kind of item by the name that its discriminator writes.
KINDS: dict[str, type[Row]] = {one.kind.get_discriminator(one): one for one in Row.__subclasses__()}  # type: ignore[misc]  # pynamodb types no discriminator
TYPES = {"S": "UnicodeAttribute", "N": "NumberAttribute"}
# Whom a person loses only by asking for it; everything else goes by itself.
LASTING = {
    "number",
    "email",
    "external_id",
    "account",
    "device",
    "client",
    "passkey",
    "credential",
    "push_subscription",
    "recovery_codes",
}
# A passkey's own, and the way is walked with a raw key; and what only UniformLogin writes.
ELSEWHERE = {
    ("device", "credential_id"),
    # At the end of the way, the codes have gone with the phone that showed them.
    ("account", "recovery_codes_mac"),
    # Only of a phone let in from elsewhere, and where CloudFront tells where that is.
    ("device", "cool_off_until"),
    # Only of a phone that leaves for a new one.
    *(("device", name) for name in ("retires", "retired_by")),
    ("pairing", "country"),
    ("pairing", "asn"),
    # Only of one that was declined.
    ("pairing", "reason"),
    ("login", "barred_device_ids"),
    ("login", "state_if_cancelled"),
    ("login", "address_blocked_until"),
    ("login", "trusted_browser"),
    # Only behind CloudFront.
    ("account", "countries"),
    # Only where the client sends one.
    ("login", "nonce"),
    # What the operator replaces, and who cannot be reached.
    *(("notice", name) for name in ("former_email", "former_phone", "untold")),
    # Only where a push service is busy.
    ("push_subscription", "silent_until"),
    # Only of a client's server that refused.
    ("logout", "untold"),
    # Of the one that has keys in place of a secret.
    ("client", "jwks"),
}


@pytest.fixture(scope="module")
def items(cloud: Aws) -> Iterator[list[dict[str, Any]]]:
    """What a whole way leaves in the table, and an operator who helped in the end."""
    patch = pytest.MonkeyPatch()
    world = World(patch, cloud)
    world.provision()
    walked = journey.whole(world)
    journey.be_told(walked)
    change_external_id(walked.account.id, "financeapp", "K-42", now=world.now)
    before = walked.items()
    unlock(walked.account.id, now=world.now)
    freeze_account(walked.account.id, operator="petra", now=world.now)
    after = {(item["pk"], item["sk"]): item for item in walked.items()}
    yield [{**item, **after.get((item["pk"], item["sk"]), {})} for item in before]
    patch.undo()


def test_the_keys_of_the_template_are_the_keys_of_a_row() -> None:
    declared = {one["AttributeName"]: one["AttributeType"] for one in TEMPLATE.table["AttributeDefinitions"]}
    keys = {one["KeyType"]: one["AttributeName"] for one in TEMPLATE.table["KeySchema"]}
    assert keys == {"HASH": Row.pk.attr_name, "RANGE": Row.sk.attr_name}
    assert (Row.pk.is_hash_key, Row.sk.is_range_key) == (True, True)
    for attribute in (Row.pk, Row.sk):
        assert type(attribute).__name__ == TYPES[declared.pop(attribute.attr_name)]
    assert declared == {}


def test_the_template_cleans_up_by_the_attribute_that_rows_bear() -> None:
    assert TEMPLATE.ttl_attribute == Row.ttl.attr_name
    assert type(Row.ttl).__name__ == TYPES["N"]


def test_there_is_no_second_index_to_be_consistent_with() -> None:
    assert not {"GlobalSecondaryIndexes", "LocalSecondaryIndexes"} & TEMPLATE.table.keys()
    assert TEMPLATE.table["BillingMode"] == "PAY_PER_REQUEST"


def test_every_kind_of_row_is_met_on_the_way(items: list[dict[str, Any]]) -> None:
    assert {item["kind"] for item in items} == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_is_keyed_as_its_docstring_says(kind: str, items: list[dict[str, Any]]) -> None:
    """`NUMBER#<access number>` | `LOOKUP`: what is in angle brackets varies, the rest is as written."""
    said = re.match(r"`(.+?)` \| `(.+?)`: ", KINDS[kind].__doc__ or "")
    assert said
    patterns = [re.sub(r"<[^>]*>", ".+", part) for part in said.groups()]
    for item in items:
        if item["kind"] == kind and not item["pk"].startswith("UNKNOWN#"):
            assert re.fullmatch(patterns[0], item["pk"])
            assert re.fullmatch(patterns[1], item["sk"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_declares_what_is_written_and_nothing_else(kind: str, items: list[dict[str, Any]]) -> None:
    written = {name for item in items if item["kind"] == kind for name in item}
    declared = {attribute.attr_name for attribute in KINDS[kind].get_attributes().values()}
    idle = {name for name in declared - written if (kind, name) not in ELSEWHERE and name != "ttl"}
    assert written <= declared
    assert idle == set()


def test_what_lasts_has_no_end_and_all_else_has_one(items: list[dict[str, Any]]) -> None:
    for item in items:
        lasts = item["kind"] in LASTING and not item["pk"].startswith("UNKNOWN#")
        assert ("ttl" in item) != lasts, item["kind"]


def test_everything_of_an_account_shares_its_partition(items: list[dict[str, Any]]) -> None:
    kept = {item["pk"] for item in items if item["kind"] == "account" and not item["pk"].startswith("UNKNOWN#")}
    # A client named somebody whom nobody knows: the decoy has a partition of its own.
    nobody = {item["pk"] for item in items if item["kind"] == "login" and item["state"] == "decoy"}
    apart = {item["kind"] for item in items if item["pk"] not in kept | nobody}
    assert apart == {
        "number",
        "email",
        "external_id",
        "counter",
        "account",
        "client",
        "assertion",
        "used_proof",
        "pushed_request",
        "backchannel_request",
        "credential",
        "challenge",
    }


def test_the_pages_name_the_keys_that_rows_have() -> None:
    """`REGISTRATION#`, `NUMBER#<access number>` and their like; decisions may name what was not built."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    source = "\n".join(one.__doc__ or "" for one in KINDS.values()) + "UNKNOWN#"
    named = set(re.findall(r"\b([A-Z]+#)", text))
    assert named
    assert named <= set(re.findall(r"\b([A-Z]+#)", source))
