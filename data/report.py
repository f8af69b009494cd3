"""What a load did, row by row accounted for."""

from dataclasses import dataclass, field

FIRST_ROWS = 10


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """One row that did not land: where it stands, the column at fault if it is one, why, and its text."""

    file: str
    line: int
    column: str | None
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. Always `read == loaded + unchanged + quarantined`.

    `reasons`: why rows were quarantined → how many, most first; `first_quarantined`: the first of them. `unmapped`: raw
    columns that fed nothing. `missing`: optional columns of the table that no file had. `zone`: where naive times were
    taken to be. `generation`: the one that holds the result.
    """

    table: str
    files: tuple[str, ...]
    read: int
    inserted: int
    replaced: int
    unchanged: int
    quarantined: int
    unmapped: tuple[str, ...]
    missing: tuple[str, ...]
    zone: str
    notes: tuple[str, ...]
    seconds: float
    generation: int
    reasons: dict[str, int] = field(default_factory=dict)
    first_quarantined: tuple[QuarantinedRow, ...] = ()

    @property
    def loaded(self) -> int:
        """Rows that changed the store."""
        return self.inserted + self.replaced
