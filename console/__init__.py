"""The `smartident` command: a simulated phone and browser that speak only the wire, and the story they play."""
