"""`smartident notices …`: what people or clients were not told is told again."""

from typing import Annotated, Any

import typer

from smartident.aws import client
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.options import AsJson, LanguageOption, Yes

app = typer.Typer(help="What people are told of their accounts.", no_args_is_help=True)
NOTICES, LOGOUTS = "UntoldNotices", "UntoldLogouts"
"""The queues of template.yaml in which waits what was given up."""
WAITING, ARN = "ApproximateNumberOfMessages", "QueueArn"


@app.callback()
def notices() -> None:
    """Make `tell-again` a word of its own, though it is the only one."""


@app.command("tell-again")
def tell_again(
    *,
    logouts: Annotated[bool, typer.Option("--logouts", help="The logouts that clients have not heard of.")] = False,
    yes: Yes = False,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Tell what was given up: each once more from the beginning, and whoever has heard is not told twice."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, _, deployment):
        if deployment.local:
            terminal.give_up("notices_of_stack")
        kind = "logouts" if logouts else "notices"
        sqs = client("sqs")
        waiting, arn = _given_up(sqs, deployment.name, LOGOUTS if logouts else NOTICES)
        if waiting and not yes and not terminal.confirm(f"{kind}_confirm", default=False, number=waiting):
            terminal.give_up("kept")
        if waiting:
            sqs.start_message_move_task(SourceArn=arn)
        terminal.say(f"{kind}_again" if waiting else f"{kind}_none", number=waiting)
        terminal.answer(kind=kind, told_again=waiting)


def _given_up(sqs: Any, stack: str, queue: str) -> tuple[int, str]:
    """About how many messages were given up, and the ARN of the queue in which they wait."""
    described = client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId=queue)
    url = described["StackResourceDetail"]["PhysicalResourceId"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[WAITING, ARN])["Attributes"]
    return int(found[WAITING]), str(found[ARN])
