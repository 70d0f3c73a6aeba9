"""The one seam of UniformLogin: whether right and wrong passwords are answered alike.

It loads nothing that begins logins: most functions only ask what is visible.
"""

from __future__ import annotations

from smartident.logins.ordinary import LoginFlow
from smartident.settings import settings


def login_flow() -> LoginFlow:
    """The flow that the operator chose."""
    if settings().uniform_login == "on":
        from smartident.logins.decoys import UniformFlow  # noqa: PLC0415  loaded only where it is switched on

        return UniformFlow()
    return LoginFlow()
