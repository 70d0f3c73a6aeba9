"""The Python client of the API: a phone, a browser and their keys. It knows the wire and nothing of the service."""
