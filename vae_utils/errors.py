"""Errors that callers tell apart."""


class Damaged(ValueError):
    """A file is not whole, or not what its name says."""


class Diverged(ArithmeticError):
    """A loss or a weight is no number any more."""
