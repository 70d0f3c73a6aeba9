"""CloudFormation's YAML tags and functions, as far as a laptop can resolve them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# The account that nobody has, as in AWS's own examples.
ACCOUNT = "123456789012"
REGION = "eu-central-1"
PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/smartident/local",
    "AWS::StackName": "smartident",
    "AWS::URLSuffix": "amazonaws.com",
}
NO_VALUE = object()
_PLACEHOLDER = re.compile(r"\$\{([^!}][^}]*)\}")


if TYPE_CHECKING:
    _Safe = yaml.SafeLoader
else:
    # PyYAML's wheels bear libyaml, which reads the template in a sixth of the time.
    _Safe = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):
    """A SafeLoader that reads `!Ref x` as `{"Ref": x}` and `!Sub x` as `{"Fn::Sub": x}`."""


def _tagged(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]  # what is left is a mapping
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tagged)


def load(path: Path) -> dict[str, Any]:
    """The template's document, its tags turned into their long form."""
    text = path.read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader  # nosec B506
    return document


class CannotResolve(Exception):  # noqa: N818  a fact about the template
    """The template uses something that only CloudFormation knows."""


@dataclass(frozen=True)
class Resolver:
    """Replaces functions by values: parameters by their values, resources by their logical ids."""

    parameters: Mapping[str, Any]
    conditions: Mapping[str, Any] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, value: Any) -> Any:
        """The value with every function in it replaced; members that are AWS::NoValue fall away."""
        if isinstance(value, list):
            return [item for item in map(self, value) if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name == "Ref" or name.startswith("Fn::"):
                return self._call(name, argument)
        resolved = {key: self(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not NO_VALUE}

    def holds(self, condition: Any) -> bool:
        """Whether a condition of the template holds, named or written out."""
        if isinstance(condition, str):
            return self.holds(self.conditions[condition])
        name, argument = next(iter(condition.items()))
        if name == "Condition":
            return self.holds(argument)
        if name == "Fn::Equals":
            left, right = self(argument)
            return str(left) == str(right)
        if name == "Fn::Not":
            return not self.holds(argument[0])
        if name == "Fn::And":
            return all(map(self.holds, argument))
        if name == "Fn::Or":
            return any(map(self.holds, argument))
        raise CannotResolve(f"condition {name}")

    def _call(self, name: str, argument: Any) -> Any:
        call = _FUNCTIONS.get(name)
        if call is None:
            raise CannotResolve(name)
        return call(self, argument)

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        return self.parameters.get(name, PSEUDO.get(name, name))

    def _sub(self, argument: Any) -> str:
        text, extra = (argument, {}) if isinstance(argument, str) else argument
        names: dict[str, Any] = {key: self(item) for key, item in extra.items()}

        def put(match: re.Match[str]) -> str:
            name = match[1]
            value = names[name] if name in names else self._ref(name)
            return ",".join(map(str, value)) if isinstance(value, list) else str(value)

        return _PLACEHOLDER.sub(put, text).replace("${!", "${")

    def _get_att(self, argument: Any) -> str:
        return ".".join(map(str, self(argument)))

    def _join(self, argument: Any) -> str:
        separator, parts = self(argument)
        return str(separator).join(map(str, parts))

    def _split(self, argument: Any) -> list[str]:
        separator, text = self(argument)
        return str(text).split(separator)

    def _select(self, argument: Any) -> Any:
        index, parts = self(argument)
        return parts[int(index)]

    def _if(self, argument: Any) -> Any:
        condition, then, otherwise = argument
        return self(then if self.holds(condition) else otherwise)

    def _find_in_map(self, argument: Any) -> Any:
        mapping, first, second = self(argument)
        return self.mappings[mapping][first][second]


_FUNCTIONS: dict[str, Any] = {
    "Ref": Resolver._ref,  # noqa: SLF001  the table of its own methods
    "Fn::Sub": Resolver._sub,  # noqa: SLF001
    "Fn::GetAtt": Resolver._get_att,  # noqa: SLF001
    "Fn::Join": Resolver._join,  # noqa: SLF001
    "Fn::Split": Resolver._split,  # noqa: SLF001
    "Fn::Select": Resolver._select,  # noqa: SLF001
    "Fn::If": Resolver._if,  # noqa: SLF001
    "Fn::FindInMap": Resolver._find_in_map,  # noqa: SLF001
}
