"""What an operator watches: dashboard, alarms and saved queries speak of metrics and fields that there are."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from smartident_laptop.template import ROOT, Template
from tests.promises.source import MODULES
from tests.promises.test_secrets import LINES, MAY, STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterator


TEMPLATE = Template(parameters={"AlarmEmail": "ops@example.test", "WebSocketAccessLogs": "yes"})
FIELDS = (ROOT / "docs" / "log-fields.md").read_text(encoding="utf-8")
OPERATE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
# Those behind the stream, and what belongs to them, have alarms of their own.
OWN_ALARMS = {"NotifyAlarm": {"BackChannelLogout", "Dispatch", "Notify"}, "PushAlarm": {"Push", "PushSubscription"}}
APART = set().union(*OWN_ALARMS.values())
OURS = "smartIDENT/smartident"
OF_SOCKETS = {"ConnectCount", "MessageCount", "ExecutionError"}
OF_AWS = {
    "AWS/Lambda": {"Errors", "Throttles", "Duration", "IteratorAge"},
    "AWS/SES": {"Bounce"},
    "AWS/SQS": {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
    "AWS/SNS": {"SMSMonthToDateSpentUSD", "SMSSuccessRate"},
    "AWS/ApiGateway": {"Count", "4xx", "5xx", "Latency"} | OF_SOCKETS,
}


def resolved(kind: str) -> dict[str, Any]:
    return {name: TEMPLATE.resolve(properties) for name, properties in TEMPLATE.resources(kind)}


FILTERS = resolved("AWS::Logs::MetricFilter")
METRICS = {one["MetricTransformations"][0]["MetricName"] for one in FILTERS.values()}
ALARMS = resolved("AWS::CloudWatch::Alarm")
QUERIES = resolved("AWS::Logs::QueryDefinition")
(BOARD,) = resolved("AWS::CloudWatch::Dashboard").values()
WIDGETS: list[dict[str, Any]] = json.loads(BOARD["DashboardBody"])["widgets"]


def drawn(widget: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Namespace, metric and what it is of, with CloudWatch's `.` and `...` spelled out."""
    before: list[str] = []
    for metric in widget["properties"].get("metrics", []):
        words = [word for word in metric if isinstance(word, str)]
        if words == ["..."]:
            words = before
        if words:
            before = [before[place] if word == "." else word for place, word in enumerate(words)]
            yield before[0], before[1], before[-1]


def searched(widget: dict[str, Any]) -> Iterator[tuple[str, str, str, set[str]]]:
    """Of each search of a widget: namespace, metric, statistic, and the functions that it is about."""
    for expression in re.findall(r"\"expression\": \"(SEARCH.+?)\"[,}]", json.dumps(widget).replace('\\"', "'")):
        namespace, metric, statistic = re.findall(r"{(.+?),.+MetricName='(\w+)'.+, '(\w+)', \d+\)", expression)[0]
        names = re.findall(r"FunctionName=\((.+?)\)", expression)
        yield namespace, metric, statistic, set(re.findall(r"'(\w+)'", "".join(names)))


def exists(namespace: str, metric: str) -> bool:
    return metric in (METRICS if namespace == OURS else OF_AWS[namespace])


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: str(widget["properties"]["title"]))
def test_what_the_dashboard_draws_is_there(widget: dict[str, Any]) -> None:
    for namespace, metric, of in drawn(widget):
        assert exists(namespace, metric)
        assert namespace != "AWS/Lambda" or of in TEMPLATE.functions
    for namespace, metric, _, functions in searched(widget):
        assert exists(namespace, metric)
        assert functions <= TEMPLATE.functions.keys()
    assert {one.removesuffix(".Arn") for one in widget["properties"].get("alarms", [])} <= ALARMS.keys()


def test_two_widgets_draw_every_function() -> None:
    about = [widget for widget in WIDGETS if any(one[0] == "AWS/Lambda" for one in (*drawn(widget), *searched(widget)))]
    assert len(about) == 2
    told = [(metric, statistic, functions) for widget in about for _, metric, statistic, functions in searched(widget)]
    found: dict[tuple[str, str], set[str]] = {}
    for metric, statistic, functions in told:
        found.setdefault((metric, statistic), set()).update(functions)
    assert all(functions == TEMPLATE.functions.keys() for functions in found.values())
    assert list(found) == [("Errors", "Sum"), ("Throttles", "Sum"), ("Duration", "p50"), ("Duration", "p99")]


def test_a_search_has_room_for_the_longest_names() -> None:
    """CloudWatch takes 1,024 characters; Lambda's names have at most 64."""
    longest = max(sum(64 + len('"" OR ') for _ in one[3]) for widget in WIDGETS for one in searched(widget))
    assert (
        longest + len("SEARCH('{AWS/Lambda,FunctionName} MetricName=\"Throttles\" FunctionName=()', 'Sum', 300)")
        <= 1024
    )


def test_the_socket_has_its_widget() -> None:
    told = {metric for widget in WIDGETS for namespace, metric, of in drawn(widget) if of == "WebSocketApi"}
    assert told == {"ConnectCount", "MessageCount", "ExecutionError"}


def of_functions(alarm: str, metric: str) -> set[str]:
    """The functions whose metric an alarm adds up."""
    parts = [one["MetricStat"]["Metric"] for one in ALARMS[alarm]["Metrics"] if "MetricStat" in one]
    return {one["Dimensions"][0]["Value"] for one in parts if one["MetricName"] == metric}


@pytest.mark.parametrize(
    ("alarm", "metric"), [("ThrottlesAlarm", "Throttles"), ("DeathsAlarm", "Errors"), ("NewVersionsAlarm", "Errors")]
)
def test_every_function_that_ends_or_is_turned_away_rings(alarm: str, metric: str) -> None:
    """An alarm takes ten metrics, so those of OpenID Connect have their own."""
    both = (alarm, f"Oauth{alarm}")
    assert set().union(*(of_functions(one, metric) for one in both)) == TEMPLATE.functions.keys() - APART
    assert {name: of_functions(name, metric) for name in OWN_ALARMS} == OWN_ALARMS
    for name in both:
        added = ALARMS[name]["Metrics"]
        assert all(f"FILL({one['Id']}, 0)" in added[0]["Expression"] for one in added[1:])


def test_a_socket_that_cannot_reach_its_function_rings() -> None:
    alarm = ALARMS["SocketErrorsAlarm"]
    assert (alarm["MetricName"], alarm["Dimensions"]) == (
        "ExecutionError",
        [{"Name": "ApiId", "Value": "WebSocketApi"}],
    )


def test_every_alarm_and_every_metric_is_on_the_dashboard_or_rings() -> None:
    shown = {one.removesuffix(".Arn") for widget in WIDGETS for one in widget["properties"].get("alarms", [])}
    assert shown == ALARMS.keys()
    seen = {metric for widget in WIDGETS for _, metric, _ in drawn(widget)}
    rings_only = {"SmsBudgetPercent", "ForgedItems"}
    assert METRICS - seen == rings_only
    assert all(metric in str(ALARMS) for metric in rings_only)


def test_what_sms_cost_and_how_many_arrive_rings() -> None:
    """SNS answers with an id even when the month's limit is used up: only these two metrics tell."""
    seen = {metric for alarm in ALARMS.values() for namespace, metric in watched(alarm) if namespace == "AWS/SNS"}
    assert seen == {"SMSMonthToDateSpentUSD", "SMSSuccessRate"}


def test_no_widget_lies_on_another() -> None:
    taken = [
        (x, y)
        for one in WIDGETS
        for x in range(one["x"], one["x"] + one["width"])
        for y in range(one["y"], one["y"] + one["height"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


def watched(alarm: dict[str, Any]) -> list[tuple[str, str]]:
    """Namespace and name of each metric that an alarm looks at, those of a query among them."""
    parts = alarm.get("Metrics", [])
    plain = [one["MetricStat"]["Metric"] for one in parts if "MetricStat" in one] or ([] if parts else [alarm])
    queries = " ".join(one.get("Expression", "") for one in parts)
    asked = re.findall(r'SELECT \w+\((\w+)\) FROM SCHEMA\("([^"]+)"', queries)
    return [(one["Namespace"], one["MetricName"]) for one in plain] + [(of, metric) for metric, of in asked]


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_what_there_is_tells_somebody_and_is_explained(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["AlarmActions"] == ["AlarmTopic"]
    assert alarm["TreatMissingData"] == "notBreaching"
    assert all(exists(namespace, metric) for namespace, metric in watched(alarm))
    assert watched(alarm)
    assert f"| **{name.removesuffix('Alarm')}** |" in OPERATE


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_adds_up_no_more_metrics_than_cloudwatch_takes(name: str) -> None:
    assert len([one for one in ALARMS[name].get("Metrics", []) if "MetricStat" in one]) <= 10


def test_the_operator_reads_which_alarms_take_a_shift_back() -> None:
    taking = {one["Ref"] for one in TEMPLATE.document["Globals"]["Function"]["DeploymentPreference"]["Alarms"]}
    (step,) = re.findall(r"^3\. If (.+?) rings meanwhile", OPERATE, re.MULTILINE)
    assert {f"{name}Alarm" for name in re.findall(r"\*\*(\w+)\*\*", step)} == taking
    assert f"watches at most 10 alarms (ours watch {len(taking)})" in OPERATE
    assert len(taking) <= 10


@pytest.mark.parametrize("alarm", [name for name in ALARMS if name.startswith("Oauth")])
def test_the_operator_reads_of_which_functions_an_alarm_is(alarm: str) -> None:
    (row,) = re.findall(rf"^\| \*\*{alarm.removesuffix('Alarm')}\*\* \|.+$", OPERATE, re.MULTILINE)
    metric = "Throttles" if "Throttles" in alarm else "Errors"
    assert set(re.findall(r"`(\w+)`", row)) == of_functions(alarm, metric)


def test_the_operator_reads_what_snapshots_of_all_functions_cost() -> None:
    gigabytes = sum(one.memory for one in TEMPLATE.functions.values()) / 1024
    (said, price) = re.findall(r"have ([\d.]+) GB of memory together, at ([\d.]+) USD", OPERATE)[0]
    (month,) = re.findall(r"some (\d+) USD a month for each release that you keep", OPERATE)
    assert float(said) == round(gigabytes, 2)
    assert int(month) == round(gigabytes * float(price) * 30 * 86_400)


def test_alarms_are_told_to_nobody_unless_the_operator_says_to_whom() -> None:
    assert [one["Endpoint"] for one in resolved("AWS::SNS::Subscription").values()] == ["ops@example.test"]
    assert list(Template().resources("AWS::SNS::Subscription")) == []


def emitted() -> set[str]:
    """The events that the code logs."""
    calls = (node for one in MODULES.values() for node in ast.walk(one.tree) if isinstance(node, ast.Call))
    first = (node.args[0] for node in calls if ast.unparse(node.func) == "log_event")
    return {str(one.value) for one in first if isinstance(one, ast.Constant)}


def test_metrics_are_made_of_lines_that_are_written() -> None:
    patterns = " ".join(one["FilterPattern"] for one in FILTERS.values() if one["LogGroupName"] == "FunctionLogs")
    assert set(re.findall(r'\$\.event = "(\w+)"', patterns)) <= emitted()
    assert set(re.findall(r'\$\.message = "(\w+)"', patterns)) <= LINES.keys()
    assert set(re.findall(r"\$\.(\w+)", patterns)) <= {"message"}.union(*LINES.values(), *MAY.values())


def test_every_field_and_every_event_is_documented() -> None:
    lines, http = FIELDS.split("\n## The HTTP API")
    table = set(re.findall(r"^\| `(\w+)` \|", lines, re.MULTILINE))
    assert table == {"message"}.union(*LINES.values(), *MAY.values()) | emitted()
    assert {f"`{name}`" for name in STANDARD} <= set(re.findall(r"`\w+`", lines))
    for kind in ("AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Stage"):
        for one in resolved(kind).values():
            said = json.loads(one["AccessLogSettings"]["Format"])
            assert {f"`{name}`" for name in said} <= set(re.findall(r"`\w+`", http))


@pytest.mark.parametrize("name", QUERIES)
def test_a_saved_query_asks_for_fields_that_there_are(name: str) -> None:
    query = QUERIES[name]["QueryString"]
    bare = re.sub(r'"[^"]*"', "", query)
    known = set(re.findall(r"`(\w+)`", FIELDS)) | {"message", "code"}
    named = set(re.findall(r" as (\w+)", bare))
    words = set(re.findall(r"(?<![@\w.])[a-z_]+(?![\w(])", bare))
    grammar = {"as", "by", "filter", "sort", "stats", "display", "limit", "asc", "desc", "in", "or", "bin", "h"}
    assert words - named - grammar <= known
    assert QUERIES[name]["Name"].partition("/")[2] in OPERATE


def test_what_is_logged_of_unusual_places_is_asked_by_a_saved_query() -> None:
    text = (ROOT / "functions/smartident/logins/entry.py").read_text(encoding="utf-8")
    logged = set(re.findall(r'log_event\("(\w+)"', text))
    asked = next(one["QueryString"] for one in QUERIES.values() if "unusual places" in str(one["Name"]))
    assert logged == set(re.findall(r'"(\w+)"', asked)) != set()
