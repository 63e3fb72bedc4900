"""How rows become a number, declared: plain data, read without numpy. :mod:`csdesk.metrics.rows.reduce` does it.

Numbers of rows are named: columns (:mod:`csdesk.store.row_columns`) or measures (:mod:`csdesk.metrics.rows.measures`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reducer:
    """From the rows of a group to one number; each kind of it has its function in ``reduce``."""


@dataclass(frozen=True, slots=True)
class Count(Reducer):
    """How many rows; with ``of``, the sum of that number (a 0/1 measure: the rows it is true of)."""

    of: str = ""


@dataclass(frozen=True, slots=True)
class Share(Reducer):
    """Σ ``top`` / Σ ``over`` over the rows that have both; ``over`` "" = the rows of which ``top`` is known.

    With 0/1 numbers a rate, with seconds or money a mean.
    """

    top: str
    over: str = ""


@dataclass(frozen=True, slots=True)
class Balance(Reducer):
    """The mean of a number that is −1, 0 or 1: the share of one side less the share of the other."""

    of: str


@dataclass(frozen=True, slots=True)
class Quantile(Reducer):
    """The ``q`` quantile of a number, linear between neighbours (NumPy's default)."""

    of: str
    q: float = 0.5


@dataclass(frozen=True, slots=True)
class Levels(Reducer):
    """A distribution: how many rows lie in each level. ``of`` is a number; level k holds ``edges[k] <= of <
    edges[k + 1]``, the last one everything above. Below the first edge lies none.
    """

    of: str
    titles: tuple[str, ...]
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Buyers(Reducer):
    """How many buyers have a row that ``where`` (a 0/1 number) is true of; with ``least`` 2, two or more of them.

    A buyer is a shop's: who buys in two shops is one of each. Masked nicks are nobody.
    """

    where: str
    least: int = 1


@dataclass(frozen=True, slots=True)
class PerBuyer(Reducer):
    """Σ ``of`` over the rows that ``where`` is true of and whose buyer is known / these buyers."""

    of: str
    where: str


@dataclass(frozen=True, slots=True)
class RepeatBuyers(Reducer):
    """Buyers with two or more rows that ``where`` is true of / buyers with any."""

    where: str


@dataclass(frozen=True, slots=True)
class BuyerShare(Reducer):
    """Buyers with a row of which ``of`` is 1 / buyers with a row of which it is 1 or 0.

    −1: it is too early to say; such a row takes no part. ``waiting`` says so in Chinese, after how many they are.
    """

    of: str
    waiting: str = ""


@dataclass(frozen=True, slots=True)
class Bands(Reducer):
    """:class:`Levels` of a number of seconds, with the edges the owner has set."""

    of: str


@dataclass(frozen=True, slots=True)
class MedianWait(Reducer):
    """The median of waits some of which are not over (Kaplan–Meier): no number where less than half ever end.

    ``of`` is how long, ``ended`` 1 where it ended and 0 where it was still going on when last looked at.
    """

    of: str
    ended: str
    unreached: str = ""
    """What to say where there are waits and no median."""
