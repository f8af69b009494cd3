"""What a table and a column of the contract are."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "timestamp", "date", "number", "integer", "flag"]

SQL_TYPES: dict[Kind, str] = {
    "text": "varchar",
    "timestamp": "timestamp",
    "date": "date",
    "number": "double",
    "integer": "bigint",
    "flag": "boolean",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the contract.

    `kind` fixes how raw values are read; timestamps are UTC. `switches_off` says, in a reader's words, what the product
    cannot show without an optional column. `past` marks times that cannot lie in the future.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    switches_off: str = ""
    past: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the contract: what a row is, which columns it has, and which of them identify a row.

    `switches_off` says, in a reader's words, what the product cannot show while the table is empty.
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    switches_off: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The names of the columns that every row must fill."""
        return tuple(column.name for column in self.columns if column.required)

    def column(self, name: str) -> Column:
        """The column of that name; `KeyError` when the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name!r}; it has {', '.join(self.names)}")
