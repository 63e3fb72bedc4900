"""The faults the program knows by name; anything else that is raised is our bug."""

from __future__ import annotations


class CsdeskError(Exception):
    """Base of all errors raised on purpose. ``str(error)`` is Chinese and fit to show to the owner."""


class UserFault(CsdeskError):
    """Something the owner can mend.

    ``message`` says what happened, ``advice`` what to do about it; both are Chinese sentences.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(f"{message}{advice}")
        self.message = message
        self.advice = advice


class WrongUsage(UserFault):
    """A command asked for in a way that cannot be meant; nothing was begun."""


class StoreUnavailable(CsdeskError):
    """The data file cannot be used here and now (locked, read-only, disk full, damaged, newer version)."""


class Cancelled(CsdeskError):
    """The owner stopped the operation. Never shown as an error."""

    def __init__(self) -> None:
        super().__init__("已取消。")
