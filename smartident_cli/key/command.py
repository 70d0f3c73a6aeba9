"""`smartident key …`: the keys that sign the tokens, and how they change without an outage."""

import typer

from smartident.tokens.id_token import LIFETIME
from smartident_cli.deployment_options import LAPTOP_PORT, OnLaptop, Port, StackName, open_deployment
from smartident_cli.key.rotation import Stage, Step, next_step
from smartident_cli.key.stack import KeyStack, look_at
from smartident_cli.options import AsJson, LanguageOption
from smartident_cli.terminal import Terminal, plain

app = typer.Typer(help="Keys: what signs the tokens, and how it changes without an outage.", no_args_is_help=True)


@app.callback()
def key() -> None:
    """Make `rotate` a word of its own, though it is the only one."""


@app.command()
def rotate(
    *,
    stack: StackName = "",
    local: OnLaptop = False,
    port: Port = LAPTOP_PORT,
    language: LanguageOption = "de",
    as_json: AsJson = False,
) -> None:
    """Say which deployment of a key rotation is next; exit code 1 while it is too early. Changes nothing."""
    with open_deployment(stack, local, port, language, as_json) as (terminal, clock, deployment):
        if deployment.local:
            terminal.give_up("rotation_of_stack")
        found = look_at(deployment)
        step = next_step(found.keys, deployed_at=found.deployed_at, max_age=found.max_age, token_lifetime=LIFETIME)
        obstacle = found.obstacle or ("rotation_early" if clock.now() < step.not_before else None)
        _show(terminal, found, step)
        terminal.answer(**_members(deployment.name, found, step, obstacle))
        if obstacle:
            terminal.give_up(obstacle, at=terminal.moment(step.not_before))
        terminal.say("rotation_next", order=step.order)
        if step.stage is Stage.RETIRE:
            terminal.say("rotation_delete", kid=found.keys[1].kid)


def _show(terminal: Terminal, found: KeyStack, step: Step) -> None:
    table = terminal.table("signing_key", "kid", "state", "key_created_at")
    for place, one in enumerate(found.keys):
        state = terminal.text("key_published" if place else "key_signs")
        table.add_row(*map(plain, (one.slot, one.kid, state, terminal.moment(one.created_at))))
    for place, kid in enumerate(found.rsa_kids):
        state = terminal.text("key_published" if place else "key_signs")
        table.add_row(*map(plain, ("RS256", kid, state, "")))
    terminal.console.print(table)
    if found.rsa_kids:
        terminal.say("rotation_of_rsa_keys")
    terminal.say(f"rotation_{step.stage.value}", order=step.order)


def _members(name: str, found: KeyStack, step: Step, obstacle: str | None) -> dict[str, object]:
    return {
        "deployment": name,
        "order": found.order,
        "keys": [
            {"slot": one.slot, "kid": one.kid, "signs": not place, "created_at": one.created_at}
            for place, one in enumerate(found.keys)
        ],
        "rsa_keys": [{"kid": kid, "signs": not place} for place, kid in enumerate(found.rsa_kids)],
        "next": {"step": step.stage.value, "order": step.order, "not_before": step.not_before},
        "obstacle": obstacle and obstacle.removeprefix("rotation_"),
    }
