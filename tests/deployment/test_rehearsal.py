"""The rehearsal notices what it is for: its parts, each tried on what must not pass."""

from __future__ import annotations

import json
import sys
from random import Random
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from labs.rehearsal.acts import WALKERS
from labs.rehearsal.blind_spots import BLIND_SPOTS
from labs.rehearsal.mixtures import mixtures
from labs.rehearsal.outgoing_rights import OUTGOING, due
from labs.rehearsal.people import person
from labs.rehearsal.permissions import NotGranted, granted, withheld
from labs.rehearsal.shift_alarms import fits, rung, shift_alarms
from labs.rehearsal.stack_template import SECRET_HEADER, adapted, http_url, websocket_url
from labs.rehearsal.stand_in_process import note_permissions
from labs.rehearsal.walk import NEEDS, PLAYED, SCENES, enrol, scenes_of
from labs.rehearsal.withholding import check_all_asked, rights, sampled
from smartident.http.cloudfront import SECRET
from smartident_cli.story.play import Differs
from smartident_laptop.demo.accounts import seed
from smartident_laptop.template import ROOT, Template

if TYPE_CHECKING:
    from pathlib import Path

FAULT = json.dumps({"message": "fault", "error": "ClientError"})
REFUSAL = json.dumps({"message": "refusal", "code": "sms_unavailable"})
BEFORE, AFTER = {"Login": "1", "Complete": "1", "New": "1"}, {"Login": "2", "Complete": "2", "New": "1", "Newest": "1"}


def translated(document: dict[str, Any] | None = None) -> dict[str, Any]:
    """The template as far as SAM's translation matters here: functions, and the groups that watch their shifts."""
    document = document or Template().document
    shared = document["Globals"]["Function"]
    resources = {name: one for name, one in document["Resources"].items() if not one["Type"].startswith("AWS::Server")}
    for name, one in document["Resources"].items():
        if one["Type"] == "AWS::Serverless::Function":
            properties = {"LoggingConfig": shared["LoggingConfig"]}
            resources[name] = {"Type": "AWS::Lambda::Function", "Properties": properties}
            alarms = [{"Name": alarm} for alarm in shared["DeploymentPreference"].get("Alarms", ())]
            group = {"AlarmConfiguration": {"Alarms": alarms}}
            resources[f"{name}DeploymentGroup"] = {"Type": "AWS::CodeDeploy::DeploymentGroup", "Properties": group}
    return {"Resources": resources}


def test_a_fault_rings_an_alarm_of_the_shift_and_a_refusal_none() -> None:
    assert rung(translated(), [REFUSAL, FAULT, "START RequestId"]) == ["FaultsAlarm"]
    assert rung(translated(), [REFUSAL, "no JSON", "[1]"]) == []


def no_filter(document: dict[str, Any]) -> None:
    del document["Resources"]["FaultsMetric"]


def another_log(document: dict[str, Any]) -> None:
    document["Resources"]["FaultsMetric"]["Properties"]["LogGroupName"] = {"Ref": "HttpLogs"}


def another_word(document: dict[str, Any]) -> None:
    document["Resources"]["FaultsMetric"]["Properties"]["FilterPattern"] = '{ $.message = "error" }'


def not_watched(document: dict[str, Any]) -> None:
    document["Globals"]["Function"]["DeploymentPreference"]["Alarms"].remove({"Ref": "FaultsAlarm"})


def too_patient(document: dict[str, Any]) -> None:
    document["Resources"]["FaultsAlarm"]["Properties"]["Threshold"] = 10


@pytest.mark.parametrize("fault", [no_filter, another_log, another_word, not_watched, too_patient])
def test_a_template_whose_shift_would_go_on_is_noticed(fault: Any) -> None:
    document = Template().document
    fault(document)
    assert rung(translated(document), [FAULT]) == []


def test_an_alarm_counts_only_if_every_function_is_watched_by_it() -> None:
    template = translated()
    assert set(shift_alarms(template)) >= {"FaultsAlarm", "NewVersionsAlarm", "ThrottlesAlarm"}
    template["Resources"]["LoginDeploymentGroup"]["Properties"]["AlarmConfiguration"]["Alarms"] = []
    assert shift_alarms(template) == shift_alarms({"Resources": {}}) == []


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        ('{ $.message = "fault" }', True),
        ('{ $.message = "fault" && $.seconds = * }', False),
        ('{ $.error = * && $.message != "request" }', True),
        ('{ ($.message = "a") || ($.message = "fault") }', True),
        ('{ $.missing != "-" }', True),
    ],
)
def test_a_metric_filter_takes_a_line_as_cloudwatch_does(pattern: str, *, taken: bool) -> None:
    assert fits(pattern, FAULT) is taken


def test_a_pattern_that_nobody_has_written_down_is_no_pattern_that_fits() -> None:
    with pytest.raises(ValueError, match="nobody has written down"):
        fits("{ $.milliseconds > 100 }", FAULT)


def test_in_the_middle_of_a_deploy_all_functions_are_old_and_then_each_alone() -> None:
    assert list(mixtures(BEFORE, AFTER, None)) == [
        ("all functions put back", {"Login": "1", "Complete": "1", "New": "1", "Newest": "1"}),
        ("only Complete put back", {"Login": "2", "Complete": "1", "New": "1", "Newest": "1"}),
        ("only Login put back", {"Login": "1", "Complete": "2", "New": "1", "Newest": "1"}),
    ]


def test_a_sample_is_all_together_and_one_alone_the_same_for_a_seed() -> None:
    first, again = (list(mixtures(BEFORE, AFTER, Random(7))) for _ in range(2))  # noqa: S311  no secret comes of it
    assert first == again
    assert first[0][0] == "all functions put back"
    assert len(first) == 2


def test_sampled_rights_are_of_different_services_as_long_as_there_are_some() -> None:
    rights = [
        (name, f"dynamodb:{action}") for name in ("Login", "Devices") for action in ("GetItem", "Query", "PutItem")
    ]
    rights += [("Complete", "kms:Sign"), ("RegisterKey", "sns:Publish")]
    for number in range(20):
        chosen = sampled(rights, Random(number), 4)  # noqa: S311
        assert len(set(chosen)) == 4
        assert {action.partition(":")[0] for _, action in chosen[:3]} == {"dynamodb", "kms", "sns"}


class Iam:
    """Roles of one policy, as the stand-in keeps them."""

    def __init__(self, *statements: dict[str, Any]) -> None:
        self.document = {"Statement": list(statements)}

    def client(self, _service: str) -> Iam:
        return self

    @property
    def stand_in(self) -> Iam:
        return self

    def role(self, function: str) -> str:
        return f"{function}Role"

    def list_role_policies(self, **_: str) -> dict[str, list[str]]:
        return {"PolicyNames": ["own"]}

    def get_role_policy(self, **_: str) -> dict[str, Any]:
        return {"PolicyDocument": json.dumps(self.document)}

    def put_role_policy(self, *, PolicyDocument: str, **_: str) -> None:  # noqa: N803  AWS's name
        self.document = json.loads(PolicyDocument)


ALLOWED = {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:GetRecords", "kms:Sign"], "Resource": "x"}


class Asked(Iam):
    """Roles of which some permissions were asked for; of those to the stream nobody asks."""

    functions = ("Login",)

    def __init__(self, *asked: tuple[str, str]) -> None:
        super().__init__(ALLOWED)
        self.used = set(asked)

    def asked(self) -> set[tuple[str, str]]:
        return self.used


def test_a_right_that_no_scene_asks_for_is_named_whatever_the_sample() -> None:
    role, root = "arn:aws:sts::1:assumed-role/LoginRole/session", "arn:aws:iam::1:root"
    one: Any = Asked((role, "dynamodb:GetItem"), (root, "kms:Sign"))
    with pytest.raises(Differs, match=r"asks for kms:Sign of Login$"):
        check_all_asked(one, patience=0)
    one.used.add((role, "kms:Sign"))
    check_all_asked(one, patience=0)


def test_a_right_for_the_release_before_alone_is_neither_missed_nor_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    one: Any = Asked(("arn:aws:sts::1:assumed-role/LoginRole/session", "dynamodb:GetItem"))
    monkeypatch.setitem(OUTGOING, ("Login", "kms:Sign"), "9.0.0")
    check_all_asked(one, patience=0)
    assert rights(one, ["Login"]) == [("Login", "dynamodb:GetItem")]
    assert (due("9.0.0"), due("9.1.0")) == ([], [("Login", "kms:Sign")])


def test_the_stand_in_notes_who_was_granted_what_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = ModuleType("ministack.core.iam_evaluator")
    module.evaluate = lambda context, *_: SimpleNamespace(decision=context.decided)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    for name in ("ministack", "ministack.core"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    note_permissions(tmp_path / "asked")
    for action, decided in (("kms:Sign", "Allow"), ("kms:Sign", "Allow"), ("sns:Publish", "ImplicitDeny")):
        context = SimpleNamespace(principal_arn="arn:role", action=action, decided=decided)
        assert module.evaluate(context, []).decision == decided
    assert (tmp_path / "asked").read_text() == "arn:role kms:Sign\n"


def test_a_right_is_withheld_alone_and_given_back() -> None:
    several = {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Query"], "Resource": "table"}
    single = {"Effect": "Allow", "Action": "kms:Sign", "Resource": "key"}
    denied = {"Effect": "Deny", "Action": ["dynamodb:Query"], "Resource": "other"}
    iam: Any = Iam(several, single, denied)
    assert granted(iam, "Login") == {"dynamodb:GetItem", "dynamodb:Query", "kms:Sign"}
    with withheld(iam, "Login", "dynamodb:Query"):
        assert granted(iam, "Login") == {"dynamodb:GetItem", "kms:Sign"}
        assert denied in iam.document["Statement"]
    with withheld(iam, "Login", "kms:Sign"):
        assert granted(iam, "Login") == {"dynamodb:GetItem", "dynamodb:Query"}
    assert iam.document["Statement"] == [several, single, denied]
    with pytest.raises(NotGranted), withheld(iam, "Login", "sns:Publish"):
        pass


def test_hundreds_of_people_get_the_time_that_their_passwords_take() -> None:
    """Whoever rehearses everything needs so many; a container that is too slow is ended."""
    told: dict[str, Any] = {}
    containers: Any = SimpleNamespace(call=lambda *_, **named: told.update(named))
    seed(containers, [person(number) for number in range(2 * WALKERS[False])], ())
    assert told["timeout"] >= 2 * WALKERS[False]


def test_the_origin_of_the_front_is_the_stand_in_and_its_secrets_hold_no_comma() -> None:
    document = adapted({"Resources": Template().document["Resources"]}, origin="http://127.0.0.1:4711")
    text = json.dumps(document["Resources"]["PagesDistribution"])
    assert '"OriginPath": "/_aws/execute-api/aaaa0001/$default"' in text
    assert '"HTTPPort": 4711' in text
    secret = document["Resources"]["FirstOriginSecret"]["Properties"]
    assert secret["SecretString"] == secret["Name"]
    assert SECRET_HEADER == SECRET


def test_addresses_are_the_stand_ins() -> None:
    assert http_url("http://h:1") == "http://h:1/_aws/execute-api/aaaa0001/$default"
    assert websocket_url(Template().document, "http://h:1") == "ws://h:1/_aws/execute-api/bbbb0002/ws"


def test_every_function_has_a_scene() -> None:
    assert set(PLAYED) == set(Template().functions)
    assert set(PLAYED.values()) <= set(SCENES)


@pytest.mark.parametrize("function", sorted(PLAYED))
def test_without_a_right_the_scenes_of_its_function_are_played_first(function: str) -> None:
    """An enrolled phone before all else, and what the scene takes up before the scene: else it ends at once."""
    played = scenes_of(function)
    assert played[0] is enrol
    assert played[-1] is PLAYED[function]
    needed = NEEDS.get(PLAYED[function])
    assert needed is None or needed in played[:-1]
    assert played == [scene for scene in SCENES if scene in played]


def test_what_a_stand_in_does_not_show_is_listed_once_and_in_the_docs() -> None:
    assert len({spot.id for spot in BLIND_SPOTS}) == len(BLIND_SPOTS)
    operate = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert [spot.sentence for spot in BLIND_SPOTS if f"- {spot.sentence}\n" not in operate] == []
