"""Values for template.yaml's parameters, held against what the template itself asks of them."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class ParameterUnfit(ValueError):  # noqa: N818  named like a refusal
    """The template takes no such value; the message names the parameter and what it takes."""


def checked(declared: Mapping[str, Mapping[str, Any]], name: str, value: str) -> str:
    """The value, if CloudFormation would take it for this parameter; raises ParameterUnfit."""
    if name not in declared:
        near = get_close_matches(name, declared, 1)
        raise ParameterUnfit(f"template.yaml has no parameter {name}" + (f": do you mean {near[0]}?" if near else ""))
    parameter = declared[name]
    parts = [part.strip() for part in value.split(",")] if parameter["Type"] == "CommaDelimitedList" else [value]
    for part in parts:
        wanted = _wanted(parameter, part)
        if wanted is not None:
            raise ParameterUnfit(f"{name} does not take {value}, but {wanted}")
    return value


def _wanted(parameter: Mapping[str, Any], value: str) -> str | None:
    """What the parameter takes instead of this value, or None if it takes it."""
    allowed = [str(one) for one in parameter.get("AllowedValues", ())]
    if allowed and value not in allowed:
        return f"one of {', '.join(allowed)}"
    if parameter["Type"] == "Number" and not _is_within(parameter, value):
        return f"a number from {parameter.get('MinValue', '-∞')} to {parameter.get('MaxValue', '∞')}"
    if len(value) > int(parameter.get("MaxLength", len(value))):
        return f"at most {parameter['MaxLength']} characters"
    if not re.fullmatch(parameter.get("AllowedPattern", ".*"), value, re.DOTALL):
        return str(parameter.get("ConstraintDescription", parameter["AllowedPattern"]))
    return None


def _is_within(parameter: Mapping[str, Any], value: str) -> bool:
    if not re.fullmatch(r"-?[0-9]{1,9}", value):
        return False
    least, most = parameter.get("MinValue"), parameter.get("MaxValue")
    return (least is None or int(value) >= least) and (most is None or int(value) <= most)
