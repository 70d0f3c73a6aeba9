"""A function with a fault, behind the service's own edge."""

from smartident.http.api import api, entry

app = api()


@app.get("/broken")
def broken() -> None:
    raise ZeroDivisionError("nothing goes into nothing")


handler = entry(app)
