"""/v1/devices, /v1/sessions and /v1/events: what the app does besides the story (docs/flow.md)."""

from __future__ import annotations

from devices.step import NewName, Revocation, end_sessions, list_devices, list_events, rename, revoke_device, sign_out
from smartident.errors import DeviceNotFound
from smartident.http.answers import no_content
from smartident.http.api import api, entry, now, phone_request, query, read, request_origin

app = api(missing=DeviceNotFound)


@app.get("/v1/devices")
def devices() -> dict[str, object]:
    """List the devices."""
    return {"devices": list_devices(request=phone_request(app), now=now())}


@app.patch("/v1/devices/<device_id>")
def name(device_id: str) -> dict[str, object]:
    """Rename a device."""
    return rename(device_id, read(NewName, app), request=phone_request(app), now=now())


@app.delete("/v1/devices/<device_id>")
def leave(device_id: str) -> object:
    """Revoke the device that asks."""
    sign_out(device_id, request=phone_request(app), origin=request_origin(app).where, now=now())
    return no_content()


@app.post("/v1/devices/<device_id>/revoke")
def revoke(device_id: str) -> object:
    """Revoke a device."""
    ask, origin = read(Revocation, app), request_origin(app).where
    revoke_device(device_id, ask, request=phone_request(app), origin=origin, now=now())
    return no_content()


@app.delete("/v1/sessions")
def leave_browsers() -> object:
    """End every session of the account."""
    end_sessions(request=phone_request(app), now=now())
    return no_content()


@app.get("/v1/events")
def events() -> dict[str, object]:
    """List the events."""
    return list_events(query(app, "before"), request=phone_request(app), now=now())


handler = entry(app)
