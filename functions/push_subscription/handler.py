"""/v1/devices/{device_id}/push: a phone lets itself be woken (docs/flow.md)."""

from __future__ import annotations

from push_subscription.step import WebPushSubscription, show_push, subscribe, unsubscribe
from smartident.errors import DeviceNotFound
from smartident.http.answers import no_content
from smartident.http.api import api, entry, now, phone_request, read, request_origin

app = api(missing=DeviceNotFound)


@app.get("/v1/devices/<device_id>/push")
def show(device_id: str) -> dict[str, object]:
    """Tell how this phone can be woken."""
    return show_push(device_id, request=phone_request(app), now=now())


@app.put("/v1/devices/<device_id>/push")
def put(device_id: str) -> object:
    """Wake this phone from now on."""
    ask, language = read(WebPushSubscription, app), request_origin(app).language
    subscribe(device_id, ask, language=language, request=phone_request(app), now=now())
    return no_content()


@app.delete("/v1/devices/<device_id>/push")
def delete(device_id: str) -> object:
    """Wake this phone no more."""
    unsubscribe(device_id, request=phone_request(app), now=now())
    return no_content()


handler = entry(app)
