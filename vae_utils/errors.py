"""Exceptions that callers handle separately."""


class Damaged(ValueError):
    """A file is incomplete or does not hold what its name says."""


class Diverged(ArithmeticError):
    """A loss or weight became NaN or infinite."""
