"""The web ACL before the distribution refuses nothing that is legal here, and shows no secret."""

from __future__ import annotations

import re
from typing import Any

import pytest

from smartident_laptop.template import ROOT, Template

FILE = ROOT / "web-acl.yaml"


def web_acl(**parameters: str) -> dict[str, Any]:
    template = Template(FILE, parameters)
    ((_, properties),) = template.resources("AWS::WAFv2::WebACL")
    found: dict[str, Any] = template.resolve(properties)
    return found


def rules(**parameters: str) -> dict[str, dict[str, Any]]:
    return {rule["Name"]: rule for rule in web_acl(**parameters)["Rules"]}


def test_cloudfront_takes_it_and_the_stack_takes_its_arn() -> None:
    assert web_acl()["Scope"] == "CLOUDFRONT"
    assert web_acl()["DefaultAction"] == {"Allow": {}}
    assert Template(FILE).document["Outputs"].keys() == {"WebAclArn"}
    assert "WebAclArn" in Template().document["Parameters"]


@pytest.mark.parametrize(("chosen", "action"), [(None, "Count"), ("count", "Count"), ("block", "Block")])
def test_many_people_behind_one_address_are_counted_before_they_are_refused(chosen: str | None, action: str) -> None:
    told = {} if chosen is None else {"RateAction": chosen}
    assert rules(**told)["RequestsPerAddress"]["Action"] == {action: {}}
    by_rate = rules(RequestsPerAddress="50")["RequestsPerAddress"]["Statement"]["RateBasedStatement"]
    assert (str(by_rate["Limit"]), by_rate["AggregateKeyType"]) == ("50", "IP")


def test_rules_of_aws_that_would_refuse_what_is_legal_count_only() -> None:
    group = rules()["Common"]["Statement"]["ManagedRuleGroupStatement"]
    assert all(one["ActionToUse"] == {"Count": {}} for one in group["RuleActionOverrides"])
    assert {one["Name"] for one in group["RuleActionOverrides"]} == {
        "SizeRestrictions_BODY",
        "SizeRestrictions_QUERYSTRING",
        "GenericRFI_QUERYARGUMENTS",
        "GenericRFI_BODY",
        "NoUserAgent_HEADER",
    }


def test_nobody_is_asked_what_only_a_browser_can_answer() -> None:
    text = re.sub("#.*", "", FILE.read_text(encoding="utf-8")).lower()
    assert [word for word in ("captcha", "challenge", "anonymousip", "botcontrol") if word in text] == []


def test_no_sample_shows_a_token() -> None:
    shown = [web_acl()["VisibilityConfig"], *(rule["VisibilityConfig"] for rule in rules().values())]
    assert [one["SampledRequestsEnabled"] for one in shown] == [False] * 4


def test_its_rules_stand_in_one_order() -> None:
    assert sorted(rule["Priority"] for rule in rules().values()) == [0, 1, 2]
    assert [name for name, rule in rules().items() if ("Action" in rule) == ("OverrideAction" in rule)] == []
