"""No resource waits for one that waits for it, as SAM will make them: CloudFormation would take no such template."""

from __future__ import annotations

import re
from copy import deepcopy
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

import pytest

from smartident_laptop.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Document = dict[str, Any]
DOCUMENT = Template().document
NAMED = re.compile(r"\$\{([A-Za-z0-9]+)(\.Alias)?")


def named(part: Any) -> Iterator[str]:
    """What a part of the template refers to; a function's alias by that name."""
    if isinstance(part, list):
        for item in part:
            yield from named(item)
    elif isinstance(part, dict):
        for kind, told in part.items():
            if kind in {"Ref", "Fn::GetAtt"}:
                text = told if isinstance(told, str) else ".".join(told)
                yield text if text.endswith(".Alias") else text.partition(".")[0]
            elif kind == "Fn::Sub":
                text, values = told if isinstance(told, list) else (told, {})
                yield from (name + alias for name, alias in NAMED.findall(text) if name not in values)
                yield from named(values)
            else:
                yield from named(told)


def waits(document: Document) -> dict[str, set[str]]:
    """Each resource with those that must be there before it."""
    shared = document["Globals"]["Function"]
    kept = {key: value for key, value in shared.items() if key != "DeploymentPreference"}
    found: dict[str, set[str]] = {}
    for name, one in document["Resources"].items():
        depends = one.get("DependsOn", [])
        properties = {key: part for key, part in one.get("Properties", {}).items() if key != "Events"}
        found.setdefault(name, set()).update(named(properties), [depends] if isinstance(depends, str) else depends)
        if one["Type"] == "AWS::Serverless::Function":
            found[name].update(named(kept))
            # CodeDeploy moves the alias while the alarms watch; an API calls the alias.
            found[f"{name}.Alias"] = {name, *named(shared["DeploymentPreference"])}
            for event in one["Properties"].get("Events", {}).values():
                if event["Type"] == "HttpApi":
                    found.setdefault(event["Properties"]["ApiId"]["Ref"], set()).add(f"{name}.Alias")
    return {name: others & found.keys() for name, others in found.items()}


def circle(document: Document) -> list[str]:
    """A circle, or nothing."""
    try:
        TopologicalSorter(waits(document)).prepare()
    except CycleError as error:
        told: list[str] = error.args[1]
        return told
    return []


def test_no_resource_waits_for_itself() -> None:
    assert circle(DOCUMENT) == []


def an_alarm_on_the_api_takes_shifts_back(document: Document) -> None:
    document["Globals"]["Function"]["DeploymentPreference"]["Alarms"].append({"Ref": "ErrorRateAlarm"})


def an_alarm_of_the_shift_waits_for_one_on_the_api(document: Document) -> None:
    document["Resources"]["FaultsAlarm"]["DependsOn"] = "ErrorRateAlarm"


def a_metric_filter_on_a_log_that_is_named_after_the_api(document: Document) -> None:
    document["Resources"]["HttpLogs"]["Properties"]["LogGroupName"] = {"Fn::Sub": "/aws/vendedlogs/${HttpApi}"}


def a_function_knows_the_apis_address(document: Document) -> None:
    document["Globals"]["Function"]["Environment"]["Variables"]["API_URL"] = {"Fn::Sub": "https://${HttpApi}.example"}


def a_function_knows_cloudfronts_name(document: Document) -> None:
    variables = document["Globals"]["Function"]["Environment"]["Variables"]
    variables["APP_WEB_URL"] = {"Fn::GetAtt": ["PagesDistribution", "DomainName"]}


@pytest.mark.parametrize(
    "fault",
    [
        an_alarm_on_the_api_takes_shifts_back,
        an_alarm_of_the_shift_waits_for_one_on_the_api,
        a_metric_filter_on_a_log_that_is_named_after_the_api,
        a_function_knows_the_apis_address,
        a_function_knows_cloudfronts_name,
    ],
    ids=lambda fault: fault.__name__.replace("_", " "),
)
def test_a_circle_is_found(fault: Callable[[Document], None]) -> None:
    spoiled = deepcopy(DOCUMENT)
    fault(spoiled)
    assert len(circle(spoiled)) > 2
