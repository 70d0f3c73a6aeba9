"""smartIDENT beside privacyIDEA: the same job, on the same machine, in one run."""
