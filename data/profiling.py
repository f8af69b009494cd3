"""What the values of a raw column look like, from a part of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from data.cleaning import FLAGS
from data.columns import Column
from data.times import utc_times

# How times are often written that are not ISO 8601. Where a day could be a month, the first that reads all is taken.
TIME_LAYOUTS = tuple(
    f"{day}{clock}"
    for day in ("%m/%d/%y", "%d/%m/%y", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d")
    for clock in (" %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", "")
)
MOST = 0.9
# More labels than these are no taxonomy.
MOST_LABELS = 60


@dataclass(frozen=True, slots=True)
class Profile:
    """A raw column: some of its values, how many were looked at and filled, how many differ, and what all of them are.

    `times`: their layout, "" for ISO 8601 and None where they are no times; `naive`: whether they have no offset.
    """

    name: str
    samples: tuple[str, ...]
    rows: int
    filled: int
    distinct: int
    times: str | None
    naive: bool
    is_number: bool
    is_share: bool
    is_flag: bool

    def suits(self, column: Column) -> bool:
        """Whether the values can be those of a column of ours."""
        match column.kind:
            case "timestamp" | "date":
                return self.times is not None
            case "flag":
                return self.is_flag
            case "number" | "integer":
                shares = column.name in {"score", "confidence", "inclusion_probability"}
                return self.is_share if shares else self.is_number
        if column.name in {"label", "true", "assigned", "outcome", "stage"}:
            return self.is_category and self.times is None
        if column.name in {"language", "languages", "market", "team", "site"}:
            return not self.is_number
        return self.times is None or column.name.endswith("_id")

    @property
    def is_category(self) -> bool:
        """Whether few values come again and again, as labels do."""
        return 0 < self.distinct <= MOST_LABELS and (self.distinct <= self.filled / 2 or self.filled <= 2 * MOST_LABELS)


def profile(name: str, values: Sequence[str | None]) -> Profile:
    """The profile of a column from some of its values."""
    texts = pl.Series("text", values, dtype=pl.String).str.strip_chars().replace("", None).drop_nulls()
    numbers = texts.cast(pl.Float64, strict=False).drop_nans()
    layout, naive = _times(texts)
    return Profile(
        name=name,
        samples=tuple(texts.unique(maintain_order=True).head(3)),
        rows=len(values),
        filled=texts.len(),
        distinct=texts.n_unique(),
        times=layout,
        naive=naive,
        is_number=_mostly(numbers.count(), texts),
        is_share=_mostly(numbers.is_between(0, 1).arg_true().len(), texts),
        is_flag=_mostly(texts.str.to_lowercase().is_in(list(FLAGS)).arg_true().len(), texts),
    )


def _mostly(count: int, texts: pl.Series) -> bool:
    return texts.len() > 0 and count >= MOST * texts.len()


def _times(texts: pl.Series) -> tuple[str | None, bool]:
    """How times are written, and whether without an offset."""
    for layout in ("", *TIME_LAYOUTS):
        times, naive = utc_times(texts, zone="UTC", layout=layout)
        if _mostly(times.count(), texts):
            return layout, naive
    return None, False
