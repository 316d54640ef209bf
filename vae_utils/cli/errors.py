"""Errors that end a command early."""


class UsageError(ValueError):
    """An option is out of range, or does not go with another."""


class Terminated(KeyboardInterrupt):
    """The process was asked to end (SIGTERM)."""
