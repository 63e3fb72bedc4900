"""Cleaned values of a column that are more than a list: read all at once, sent as they lie in memory.

Each is an ordinary sequence of values with None where a cell gave none; :meth:`Values.packed` is the form to send
(see :func:`unpack_values`), which the program turns into a list again.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NO_NUMBER = -(2**63)
"""What stands in whole numbers where there is none; in others it is NaN."""
_SAMPLE, _MOST_IN_SAMPLE, _MOST_CODES = 256, 64, 256

Packed = tuple[Any, ...]


class Values(Sequence[Any]):
    """What the forms share; subclasses give ``tolist`` and ``packed``."""

    __slots__ = ()

    @property
    def complete(self) -> bool:
        """Whether there is a value for every cell."""
        raise NotImplementedError

    def tolist(self) -> list[Any]:
        """The values one by one."""
        raise NotImplementedError

    def packed(self) -> Packed:
        """The form to send."""
        raise NotImplementedError

    def __getitem__(self, index: Any) -> Any:
        return self.tolist()[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())


class WholeNumbers(Values):
    """Whole numbers of at most 63 bits, :data:`NO_NUMBER` for none."""

    __slots__ = ("data",)

    def __init__(self, data: NDArray[np.int64]) -> None:
        self.data = data

    def __len__(self) -> int:
        return len(self.data)

    @property
    def complete(self) -> bool:
        """Whether there is a value for every cell."""
        return not len(self.data) or int(self.data.min()) != NO_NUMBER

    def put(self, position: int, value: int | None) -> None:
        """Set one value."""
        self.data[position] = NO_NUMBER if value is None else value

    def tolist(self) -> list[Any]:
        """The values one by one."""
        return _whole(self.data.tolist(), holes=not self.complete)

    def packed(self) -> Packed:
        """The form to send."""
        return ("q", self.data.tobytes(), not self.complete)


class RealNumbers(Values):
    """Numbers, NaN for none."""

    __slots__ = ("data",)

    def __init__(self, data: NDArray[np.float64]) -> None:
        self.data = data

    def __len__(self) -> int:
        return len(self.data)

    @property
    def complete(self) -> bool:
        """Whether there is a value for every cell."""
        return not bool((self.data != self.data).any())  # NaN

    def put(self, position: int, value: float | None) -> None:
        """Set one value."""
        self.data[position] = float("nan") if value is None else value

    def tolist(self) -> list[Any]:
        """The values one by one."""
        return _real(self.data.tolist(), holes=not self.complete)

    def packed(self) -> Packed:
        """The form to send."""
        return ("d", self.data.tobytes(), not self.complete)


class CodedValues(Values):
    """Few different values: ``table[codes[row]]``."""

    __slots__ = ("codes", "table")

    def __init__(self, table: list[Any], codes: bytes) -> None:
        self.table = table
        self.codes = codes

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def complete(self) -> bool:
        """Whether there is a value for every cell; each of the table is used."""
        return None not in self.table

    def tolist(self) -> list[Any]:
        """The values one by one."""
        return list(map(self.table.__getitem__, self.codes))

    def packed(self) -> Packed:
        """The form to send."""
        return ("c", self.table, self.codes)


class TextValues(Values):
    """Texts without line breaks, one a line of ``joined``; an empty one is none."""

    __slots__ = ("joined", "size")

    def __init__(self, joined: str, size: int) -> None:
        self.joined = joined
        self.size = size

    def __len__(self) -> int:
        return self.size

    @property
    def complete(self) -> bool:
        """Whether there is a value for every cell."""
        return "\n\n" not in self.joined and not self.joined.startswith("\n")

    def tolist(self) -> list[Any]:
        """The values one by one."""
        return _lines(self.joined, holes=not self.complete)

    def packed(self) -> Packed:
        """The form to send."""
        return ("t", self.joined, not self.complete)


class PairValues(Values):
    """Buyers: (key or None, display form) where there is a display form, else None; without one there is no key."""

    __slots__ = ("keys", "shown")

    def __init__(self, keys: list[bytes | None], shown: list[str]) -> None:
        self.keys = keys
        self.shown = shown

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self.tolist()[index]
        return (self.keys[index], self.shown[index]) if self.shown[index] else None

    @property
    def complete(self) -> bool:
        """Whether there is a value for every cell."""
        return "" not in self.shown

    def tolist(self) -> list[Any]:
        """The values one by one."""
        pairs = zip(self.keys, self.shown, strict=True)
        return list(pairs) if self.complete else [pair if pair[1] else None for pair in pairs]

    def packed(self) -> Packed:
        """The form to send."""
        return ("p", self.keys, self.shown)


def pack_values(values: Sequence[Any]) -> Packed:
    """The form to send of any column: few different values as a list of them and one code a row, else a list."""
    if isinstance(values, Values):
        return values.packed()
    if len(set(values[:_SAMPLE])) <= _MOST_IN_SAMPLE:
        different = dict.fromkeys(values)
        if len(different) <= _MOST_CODES:
            number = {value: code for code, value in enumerate(different)}
            return ("c", list(different), bytes(map(number.__getitem__, values)))
    return ("l", values)


class NumberList(list[Any]):
    """Numbers as a list that remembers how they came, for whoever counts all of them. Not to be changed."""

    __slots__ = ("packed",)

    def __init__(self, values: list[Any], packed: Packed) -> None:
        super().__init__(values)
        self.packed = packed

    def doubles(self) -> NDArray[np.float64]:
        """The numbers, NaN for none."""
        import numpy as np  # noqa: PLC0415  (only for large files)

        if self.packed[0] == "d":
            return np.frombuffer(self.packed[1], np.float64)
        whole = np.frombuffer(self.packed[1], np.int64)
        return np.where(whole == NO_NUMBER, np.nan, whole) if self.packed[2] else whole.astype(np.float64)


class CodedList(list[Any]):
    """Few different values as a list that remembers them and the code of each row. Not to be changed."""

    __slots__ = ("codes", "table")

    def __init__(self, table: list[Any], codes: bytes) -> None:
        super().__init__(map(table.__getitem__, codes))
        self.table = table
        self.codes = codes

    def doubles(self) -> NDArray[np.float64]:
        """Of numbers: the values, NaN for none."""
        import numpy as np  # noqa: PLC0415  (only for large files)

        return np.array(self.table, np.float64)[np.frombuffer(self.codes, np.uint8)]

    def counts(self) -> dict[Any, int]:
        """How often each value comes, in the order they first do."""
        found: dict[Any, int] = {}
        for code in sorted(range(len(self.table)), key=self.codes.find):
            number = self.codes.count(code)
            if number:
                found[self.table[code]] = found.get(self.table[code], 0) + number
        return found


def counts_of(values: Sequence[Any]) -> Mapping[Any, int]:
    """How often each value comes, in the order they first do."""
    return values.counts() if isinstance(values, CodedList) else Counter(values)


def translated(values: Sequence[Any], meanings: Mapping[Any, Any]) -> list[Any]:
    """What each value means."""
    if isinstance(values, CodedList):
        return CodedList([meanings.get(value) for value in values.table], values.codes)
    return list(map(meanings.__getitem__, values))


def buyer_columns(pairs: Sequence[Any]) -> tuple[list[bytes | None], list[str | None]]:
    """(keys, display forms) of a column of buyers."""
    if isinstance(pairs, PairValues):
        return pairs.keys, [text or None for text in pairs.shown]
    return [pair[0] if pair else None for pair in pairs], [pair[1] or None if pair else None for pair in pairs]


def unpack_values(packed: Packed) -> Sequence[Any]:
    """The values behind a form made by :func:`pack_values`: a list, but for buyers."""
    match packed:
        case ("c", table, codes):
            return CodedList(table, codes)
        case ("q", data, holes):
            return NumberList(_whole(array("q", data).tolist(), holes=holes), packed)
        case ("d", data, holes):
            return NumberList(_real(array("d", data).tolist(), holes=holes), packed)
        case ("t", joined, holes):
            return _lines(joined, holes=holes)
        case ("p", keys, shown):
            return PairValues(keys, shown)
        case ("l", values):
            return values if isinstance(values, list) else list(values)
    raise ValueError("unknown form of values")


def _whole(values: list[Any], *, holes: bool) -> list[Any]:
    return [None if value == NO_NUMBER else value for value in values] if holes else values


def _real(values: list[Any], *, holes: bool) -> list[Any]:
    return [value if value == value else None for value in values] if holes else values  # noqa: PLR0124  (NaN)


def _lines(joined: str, *, holes: bool) -> list[Any]:
    values = joined.split("\n")
    values.pop()
    return [value or None for value in values] if holes else values
