"""/v1/account and /v1/notices/freeze: "Zugang sperren", after the story (docs/flow.md)."""

from __future__ import annotations

from freeze.step import NoticeLink, Opening, freeze, freeze_by_link, open_again
from smartident.http.answers import no_content
from smartident.http.api import api, entry, now, phone_request, read, request_origin
from smartident.notify.browser import SocketPush

app = api()


@app.post("/v1/account/freeze")
def freeze_account() -> object:
    """Freeze the account."""
    freeze(request=phone_request(app), origin=request_origin(app).where, push=SocketPush(), now=now())
    return no_content()


@app.post("/v1/account/open")
def open_account() -> object:
    """Open the account again."""
    open_again(read(Opening, app), request=phone_request(app), origin=request_origin(app).where, now=now())
    return no_content()


@app.post("/v1/notices/freeze")
def freeze_account_of_notice() -> object:
    """Freeze the account that a notice was about."""
    freeze_by_link(read(NoticeLink, app), origin=request_origin(app).where, push=SocketPush(), now=now())
    return no_content()


handler = entry(app)
