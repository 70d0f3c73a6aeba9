"""Log in with a client that openapi-python-client has made of docs/api/openapi.yaml: login.py URL NUMBER PASSWORD."""

import sys

from smartident_api import AuthenticatedClient, Client
from smartident_api.api.browser import complete_login, start_login
from smartident_api.models import CompletedLogin, LoginRequest, Problem, StartedLogin


def main(url: str, number: str, password: str) -> str:
    """Where the person goes after login, or the refusal's code."""
    started = start_login.sync(client=Client(url), body=LoginRequest(identifier=number, password=password))
    if isinstance(started, Problem):
        return started.code.value
    if not isinstance(started, StartedLogin):
        return "no answer"
    completed = complete_login.sync(started.login_id, client=AuthenticatedClient(url, token=started.login_token))
    if isinstance(completed, Problem):
        return completed.code.value
    return completed.redirect_to if isinstance(completed, CompletedLogin) else "no answer"


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
