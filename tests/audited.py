"""Audits made up: as counts, and as a log of reviews with audits of some."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from data.load import load
from data.settings import Settings
from data.store import create
from metrics.taxonomy import Taxonomy

KEEP_OR_REMOVE = Taxonomy(("keep", "remove"), violating=frozenset({"remove"}), declared=True)
SCHEMA = {
    "standing": pl.String,
    "stratum": pl.String,
    "inclusion_probability": pl.Float64,
    "label": pl.String,
    "audit_label": pl.String,
    "second_label": pl.String,
    "audits": pl.Int64,
}
WORKED = [
    ("removed", 400 / 8_000, "remove", "remove", 370),
    ("removed", 400 / 8_000, "remove", "keep", 30),
    ("kept", 100 / 92_000, "keep", "keep", 98),
    ("kept", 100 / 92_000, "keep", "remove", 2),
]
"""100,000 decisions, 8 % of them removals; 400 removals and 100 approvals audited, of which 370 and 98 were right."""


def counts(rows: Iterable[tuple], *, standing: str = "drawn", second: str | None = None) -> pl.DataFrame:
    """The frame of `audits` for rows of stratum, probability, label, the auditor's label, and how many."""
    written = [(standing, *row[:4], second, row[4]) for row in rows]
    return pl.DataFrame(written, schema=SCHEMA, orient="row")


def log(folder: Path, **tables: list[str]) -> Path:
    """A workspace with reviews, audits or appeals given as lines of CSV, which shows numbers of however few."""
    headers = {
        "labels": "label,severity,is_violating",
        "reviewers": "reviewer_id,team",
        "reviews": "review_id,item_id,reviewer_id,label,policy,decided_at",
        "audits": "review_id,auditor_id,label,audited_at,stratum,inclusion_probability,is_blind",
        "appeals": "review_id,opened_at,decided_at,outcome",
    }
    create(folder / "workspace", settings=Settings(min_n=1))
    for name, lines in ({"labels": ["keep,0,false", "remove,1,true"]} | tables).items():
        path = folder / f"{name}.csv"
        path.write_text("\n".join([headers[name], *lines]) + "\n")
        load(folder / "workspace", name, [path])
    return folder / "workspace"
