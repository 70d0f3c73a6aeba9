"""The alarms that take a shift back, and whether they would ring for what the functions logged: CloudWatch's part.

The stand-in keeps log lines, but makes no metric of one and rings no alarm. So the template's own metric filters,
alarms and deployment groups are read here. What Lambda counts and what API Gateway logs the stand-in does not show.
"""

from __future__ import annotations

import json
import operator
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_LEAF = re.compile(r'\$\.(\w+) (=|!=) (?:"([^"]*)"|(\*))')
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
}


def rung(template: Mapping[str, Any], lines: Sequence[str]) -> list[str]:
    """The alarms of the shift that ring for these log lines of the functions."""
    resources = template["Resources"]
    return [name for name in shift_alarms(template) if _rings(resources, resources[name]["Properties"], lines)]


def shift_alarms(template: Mapping[str, Any]) -> list[str]:
    """The alarms that every function's deployment group watches."""
    groups = [
        {alarm["Name"]["Ref"] for alarm in one["Properties"]["AlarmConfiguration"]["Alarms"]}
        for one in template["Resources"].values()
        if one["Type"] == "AWS::CodeDeploy::DeploymentGroup"
    ]
    return sorted(set.intersection(*groups)) if groups else []


def fits(pattern: str, line: str) -> bool:
    """Whether a metric filter takes a log line; raises ValueError for a pattern beyond `=`, `!=`, `&&` and `||`."""
    try:
        told = json.loads(line)
    except ValueError:
        return False
    bare = pattern.strip().removeprefix("{").removesuffix("}")
    return isinstance(told, dict) and any(
        all(_fits_leaf(leaf.strip(" ()"), told) for leaf in part.strip(" ()").split("&&")) for part in bare.split("||")
    )


def _fits_leaf(leaf: str, told: dict[str, Any]) -> bool:
    found = _LEAF.fullmatch(leaf)
    if found is None:
        raise ValueError(f"nobody has written down what {leaf} means")
    name, compared, text, anything = found.groups()
    same = name in told and (anything is not None or str(told[name]) == text)
    return same if compared == "=" else not same


def _rings(resources: Mapping[str, Any], alarm: Mapping[str, Any], lines: Sequence[str]) -> bool:
    parts = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", ()) if "MetricStat" in one] or [alarm]
    patterns = {one["FilterPattern"] for part in parts for one in _filters(resources, part)}
    counted = sum(fits(pattern, line) for line in lines for pattern in patterns)
    return bool(patterns) and _COMPARED[alarm["ComparisonOperator"]](counted, float(alarm["Threshold"]))


def _filters(resources: Mapping[str, Any], metric: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The metric filters on the functions' log that make a metric."""
    logs = {
        str(one["Properties"]["LoggingConfig"]["LogGroup"])
        for one in resources.values()
        if one["Type"] == "AWS::Lambda::Function"
    }
    return [
        one["Properties"]
        for one in resources.values()
        if one["Type"] == "AWS::Logs::MetricFilter"
        and str(one["Properties"]["LogGroupName"]) in logs
        and any(
            [made["MetricNamespace"], made["MetricName"]] == [metric["Namespace"], metric["MetricName"]]
            for made in one["Properties"]["MetricTransformations"]
        )
    ]
