"""Where the `smartident` command begins. Ctrl-C ends it without a word, also while its modules are still being read."""

import signal


def run() -> None:
    """Read the modules and run the command."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from smartident_cli.main import app  # noqa: PLC0415  this import is what takes its time

    signal.signal(signal.SIGINT, signal.default_int_handler)
    app()


if __name__ == "__main__":
    run()
