"""Logs around the launch of a standard, made up as lines of CSV, and simulated ones counted without a load."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import polars as pl
from simulated import Log

from data.load import load
from data.settings import Settings
from data.store import create

HEADERS = {
    "labels": "label,severity,is_violating",
    "standards": "policy,version,effective_at",
    "reviewers": "reviewer_id,team,site",
    "gold": "item_id,label,policy,standard_version,valid_from,valid_until",
    "reviews": "review_id,item_id,reviewer_id,label,policy,decided_at,standard_version,stage,is_blind",
}
TWO = ["p,v1,2026-04-01T00:00:00Z", "p,v2,2026-05-10T00:00:00Z"]
"""Two versions, the second from 10 May."""


def workspace(folder: Path, **tables: Iterable[str]) -> Path:
    """A workspace of tables given as lines of CSV, which shows numbers of however few."""
    create(folder / "workspace", settings=Settings(min_n=1))
    for name, lines in ({"labels": ["keep,0,false", "warn,1,true", "remove,2,true"]} | tables).items():
        if lines:
            path = folder / f"{name}.csv"
            path.write_text("\n".join([HEADERS[name], *lines]) + "\n")
            load(folder / "workspace", name, [path])
    return folder / "workspace"


def adoption_counts(log: Log) -> pl.DataFrame:
    """What the question `adoption` says of a simulated log by reviewer, counted from its written tables."""
    policy = log.planted["policy"]
    date = dt.date.fromisoformat(log.key["policies"][policy]["change"]["date"])
    gold = log.tables["gold"].filter(pl.col("policy") == policy).sort("valid_from")
    keys = gold.group_by("item_id").agg(old_label=pl.col("label").first(), new_label=pl.col("label").last())
    answered = log.tables["reviews"].unique("review_id").join(keys, on="item_id")
    since = (pl.col("decided_at").dt.date() - date).dt.total_days()
    is_asked = (since >= 0) & (pl.col("old_label") != pl.col("new_label"))
    return (
        answered.with_columns(days=pl.when(is_asked).then(since), item_policy=pl.lit(policy), new_version=pl.lit("new"))
        .rename({"reviewer_id": "reviewer"})
        .group_by("reviewer", "item_policy", "new_version", "item_id", "old_label", "new_label", "label", "days")
        .agg(answers=pl.len().cast(pl.Int64))
    )
