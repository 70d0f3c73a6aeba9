"""The commands that the docs tell an operator to type are commands that there are, with what they need."""

from __future__ import annotations

import re
import shlex

import pytest
from botocore import xform_name
from botocore.session import Session
from typer.main import get_command

from smartident_cli.main import app
from smartident_laptop.template import ROOT, Template
from tests.promises.source import MODULES

PAPERS = [
    ROOT / "README.md",
    *(
        ROOT / "docs" / name
        for name in ("integrate.md", "operate.md", "operator-command.md", "sam-local.md", "security.md")
    ),
    *sorted((ROOT / "docs/integrate").glob("*.md")),
]
OPERATE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
# What the command line of AWS calls otherwise than its API.
SERVICES = {"deploy": "codedeploy"}
# Options of every command of AWS, which its API does not know.
EVERYWHERE = {"query", "output", "region"}
# What only the command line has, with what it needs.
OF_THE_COMMAND_LINE = {("cloudformation", "deploy"): {"stack-name", "template-file"}}
TEMPLATE = Template()


def typed(first: str) -> list[str]:
    """The commands of the docs that begin with a word: in backticks, or on a line of their own."""
    found: dict[str, None] = {}
    for paper in PAPERS:
        # A line that ends with a backslash goes on in the next.
        text = re.sub(r"\\\n +", "", paper.read_text(encoding="utf-8"))
        for one in re.findall(rf"`({first} [^`\n]+)`|^(?:    )?({first} [^`\n]+)$", text, re.MULTILINE):
            found["".join(one).replace("\\|", "|").partition("    #")[0].strip()] = None
    return list(found)


@pytest.mark.parametrize("command", typed("aws"))
def test_aws_knows_the_command_and_gets_what_it_needs(command: str) -> None:
    _, service, operation, *words = shlex.split(re.sub(r"<[^>]*>", "X", command))
    if own := OF_THE_COMMAND_LINE.get((service, operation)):
        assert own <= {word.removeprefix("--") for word in words if word.startswith("--")} <= own | EVERYWHERE
        return
    model = Session().get_service_model(SERVICES.get(service, service))
    (name,) = [one for one in model.operation_names if xform_name(one, "-") == operation]
    shape = model.operation_model(name).input_shape
    members = {xform_name(member, "-"): one for member, one in shape.members.items()} if shape else {}
    given = {word.removeprefix("--") for word in words if word.startswith("--")}
    flags = {f"no-{member}" for member, one in members.items() if one.type_name == "boolean"}
    assert given <= members.keys() | flags | EVERYWHERE
    needed = {xform_name(member, "-") for member in shape.required_members} if shape else set()
    assert needed <= {option.removeprefix("no-") for option in given}


@pytest.mark.parametrize("command", typed("smartident"))
def test_smartident_knows_the_command_and_gets_what_it_needs(command: str) -> None:
    """`a|b` stands for either, and `[--x]` may be left out; a command that is only mentioned needs nothing."""
    plain = re.sub(r"<[^>]*>", "X", re.sub(r"[\[\]…]", "", command)).partition(" · ")[0]
    found, words = get_command(app), shlex.split(plain)[1:]
    while words and words[0] in getattr(found, "commands", {}):
        found = found.commands[words.pop(0)]  # type: ignore[attr-defined]  # whoever has words left is a group
    assert not hasattr(found, "commands") or words == ["--version"]
    named = {option: one for one in found.params for option in (*one.opts, *one.secondary_opts) if option[:1] == "-"}
    values = []
    while words:
        word = words.pop(0)
        if word.startswith("-"):
            if not getattr(named[word], "is_flag", False):
                words.pop(0)
            named[word].required = False
        else:
            values.append(word)
    if values or plain.count("--"):
        arguments = [one for one in found.params if one.param_type_name == "argument"]
        assert len(values) == len(arguments)
        assert [one.name for one in found.params if one.required and one not in arguments] == []


def test_what_the_docs_call_a_parameter_or_an_output_is_one() -> None:
    named = {*TEMPLATE.parameters, *TEMPLATE.document["Outputs"], *TEMPLATE.document["Resources"]}
    named |= set(re.findall(r"MetricName: (\w+)", (ROOT / "template.yaml").read_text(encoding="utf-8")))
    named |= set(TEMPLATE.document["Parameters"]["Shift"]["AllowedValues"])
    said = set(re.findall(r"`\"?([A-Z][a-z]+(?:[A-Z][a-zA-Z0-9]*)+)(?:=[^`]*)?\"?`", OPERATE))
    assert said - named == set()


def test_why_a_request_was_refused_is_told_in_the_words_of_the_log() -> None:
    source = "\n".join(module.path.read_text(encoding="utf-8") for module in MODULES.values())
    for why in re.findall(r'because "([^"]+)"', OPERATE):
        assert re.search(re.escape(f'"{why}"') + "|" + re.escape(f'"{why.rpartition(" ")[0]} ') + r"\{", source), why
