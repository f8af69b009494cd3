"""Simulated logs with what stands behind every review, and how two of them differ."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from unittest import mock

import numpy as np
import polars as pl
from references import patterns_of

from data.simulate import simulate
from data.simulation.content import violating_shares
from data.simulation.day import Day, House, make_day
from data.simulation.deliveries import QUEUES, queue_of
from data.simulation.faults import read_fault
from data.simulation.frames import item_ids, review_ids
from data.simulation.plan import Plan
from data.simulation.scenario import POLICY_NAMES
from data.simulation.world import (
    CONTENT_TYPES,
    FIRST_VIOLATING,
    GOLD_SETS,
    LABELS,
    LANGUAGES,
    MARKETS,
    SITES,
    STAGES,
    VERSIONS,
)
from metrics.taxonomy import Taxonomy

TAXONOMY = Taxonomy(LABELS, violating=frozenset(LABELS[FIRST_VIOLATING:]), declared=True)
_ON_GOLD = ("skill", "leaning", "decided_as", "key", "known")
_ON_OVERLAP = ("skill", "leaning", "usual_share", "follows")
_ON_CONTENT = (*_ON_OVERLAP, "in_force")
_OF_MODEL = ("usual_share", "in_force", "model_skill", "model_follows")
BEHIND = {
    "gold": (pl.col("stage") == "gold", _ON_GOLD),
    "other_gold": (pl.col("stage") == "gold", _ON_GOLD),
    "live": (pl.col("stage") == "live", _ON_CONTENT),
    "audited": (pl.col("stage").is_in(["live", "overlap"]) & (pl.col("day") <= pl.col("day").max() - 2), _ON_CONTENT),
    "overlap": (pl.col("stage") == "overlap", _ON_OVERLAP),
    "model": (pl.col("stage") != "gold", _OF_MODEL),
}
"""By family of true values: the reviews that they are of, and what they are read from."""


@dataclass(frozen=True)
class Log:
    """A simulated log: its folder and tables, its key, its house, and what stands behind each review, by their ids."""

    folder: Path
    house: House
    tables: dict[str, pl.DataFrame]
    key: dict
    behind: pl.DataFrame

    @cached_property
    def reviews(self) -> pl.DataFrame:
        """The reviews, each once, with what stands behind them."""
        hidden = self.behind.drop(set(self.behind.columns) & set(self.tables["reviews"].columns) - {"review_id"})
        return self.tables["reviews"].unique("review_id", maintain_order=True).join(hidden, on="review_id")

    @property
    def planted(self) -> dict:
        """The only fault, as the key tells it."""
        (fault,) = self.key["faults"]
        return fault

    @cached_property
    def gold_answers(self) -> pl.DataFrame:
        """The reviews on gold with the label of the gold table that held then, by the written tables alone."""
        return (
            self.reviews.filter(pl.col("stage") == "gold")
            .drop("gold_set")
            .join(self.tables["gold"].rename({"label": "gold_label", "standard_version": "of_version"}), on="item_id")
            .filter(
                (pl.col("valid_from") <= pl.col("decided_at"))
                & (pl.col("valid_until").is_null() | (pl.col("decided_at") < pl.col("valid_until")))
                & (pl.col("of_version").is_null() | (pl.col("of_version") == pl.col("standard_version")))
            )
        )


def simulated(folder: Path, *faults: str, **size: float) -> Log:
    """A log with faults written as on the command line."""
    plan = Plan(**size, faults=tuple(read_fault(fault) for fault in faults))
    days: list[Day] = []

    def recorded(*args, **options) -> Day:
        days.append(make_day(*args, **options))
        return days[-1]

    with mock.patch("data.simulate.make_day", recorded):
        simulate(folder, plan)
    house = House.of(plan)
    return Log(
        folder,
        house,
        {path.stem: _plain(pl.read_parquet(path)) for path in folder.glob("*.parquet")},
        json.loads((folder / "answer_key.json").read_text()),
        _behind(house, days),
    )


def _plain(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.col(pl.Enum, pl.Categorical).cast(pl.String))


def _behind(house: House, days: list[Day]) -> pl.DataFrame:
    frames, first = [], 1
    for day in days:
        numbers = first + np.argsort(np.argsort(day.decided, kind="stable"), kind="stable")
        frames.append(_behind_day(house, day, numbers))
        first += len(numbers)
    return pl.concat(frames).sort("review_id")


def _behind_day(house: House, day: Day, numbers: np.ndarray) -> pl.DataFrame:
    items, reviewer, rules = day.dealt.items, day.dealt.reviewer, house.standards
    said = day.predictions.said(day.dealt.row)
    return pl.DataFrame(
        {
            "review_id": review_ids(numbers),
            "item_id": item_ids(items.number),
            "day": np.full(len(numbers), day.number + 1),
            "stage": _named(STAGES, day.dealt.stage),
            "reviewer_id": _named(house.people.names.tolist(), reviewer),
            "site": _named(SITES, house.people.site[reviewer]),
            "team": _named(house.people.teams, house.people.team[reviewer]),
            "policy": _named(POLICY_NAMES, items.policy),
            "market": _named([market.name for market in MARKETS], items.market),
            "language": _named(LANGUAGES, items.language),
            "content_type": _named([name for name, _ in CONTENT_TYPES], items.content_type),
            "queue": _named(QUEUES, queue_of(items)),
            "standard_version": _named(VERSIONS, day.second_version.astype(int)),
            "clause": items.clause + 1,
            "gold_set": _named(
                (*GOLD_SETS, ""), np.where(day.dealt.gold >= 0, house.gold.sets[day.dealt.gold], len(GOLD_SETS))
            ),
            "violating": items.violating,
            "crosses": rules.crosses(items),
            "u": items.u,
            "ambiguity": items.ambiguity,
            "usual_share": violating_shares(house.faults, day.number)[items.policy],
            "follows": rules.followed(day.number)[reviewer, items.policy],
            "in_force": rules.changed(day.number)[items.policy],
            "model_skill": day.predictions.version.skill[items.policy],
            "model_follows": day.predictions.version.follows[items.policy],
            "skill": day.ability.skill,
            "leaning": day.ability.leaning,
            "shown": day.shown,
            "flagged": (said >= FIRST_VIOLATING) & (day.dealt.gold < 0),
            "officially": day.officially,
            "decided_as": day.decided_as,
            "key": day.key,
            "known": day.known,
            "right": _named(LABELS, day.right),
            "enforced": day.label >= FIRST_VIOLATING,
            "hours": day.dealt.hours,
            "decided": day.decided,
        }
    )


def _named(names, positions) -> pl.Series:
    return pl.Series(list(names), dtype=pl.String).gather(np.asarray(positions))


def unlike(one: pl.DataFrame, other: pl.DataFrame, columns: tuple[str, ...]) -> pl.Series:
    """Which rows of two frames of the same rows differ in some column."""
    assert one["review_id"].equals(other["review_id"])
    return pl.select(pl.any_horizontal([one[name].ne_missing(other[name]) for name in columns])).to_series()


def changed_columns(one: pl.DataFrame, other: pl.DataFrame) -> set[str]:
    """The columns in which two frames of the same rows differ."""
    return {name for name in one.columns if not one[name].equals(other[name])}


def changed_rows(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """The rows that only one of two frames has."""
    only = (a.join(b, on=a.columns, how="anti", nulls_equal=True) for a, b in ((one, other), (other, one)))
    return pl.concat(only)


def changed_days(one: Log, other: Log, family: str) -> set[tuple[str, str, int]]:
    """Where some true value of a family differs: dimension, value and day, the first being 1.

    AC1 is left aside: its labels by chance are also those of items with one review in the slice.
    """
    return {
        (dimension, value, day)
        for metric in one.key["metrics"][family].keys() - {"gwet_ac1"}
        for dimension in ("", *dimensions_of(one, family))
        for value, known in true_values(one, family, metric, dimension).items()
        for day, (was, is_now) in enumerate(
            zip(known["days"], true_values(other, family, metric, dimension)[value]["days"], strict=True), start=1
        )
        if was != is_now
    }


def true_values(log: Log, family: str, metric: str, dimension: str) -> dict[str, dict]:
    """The true values of a metric, `all` and by `days`, of each value of a dimension."""
    found = log.key["metrics"][family][metric]
    return found["by"][dimension] if dimension else {"": found}


def dimensions_of(log: Log, family: str) -> list[str]:
    """The dimensions in which a family has true values."""
    return list(log.key["metrics"][family]["n"]["by"])


def reached_days(one: Log, other: Log, family: str) -> set[tuple[str, str, int]]:
    """Where a true value must differ: dimension, value and day of the reviews behind which something changed."""
    where, behind = BEHIND[family]
    changed = unlike(one.behind, other.behind, (*behind, "item_id"))
    reached = set()
    for dimension in ("", *dimensions_of(one, family)):
        moved = changed | unlike(one.behind, other.behind, (dimension,)) if dimension else changed
        for log in (one, other):
            rows = log.behind.with_columns(moved=moved, slice=pl.col(dimension) if dimension else pl.lit(""))
            rows = rows.filter(where)
            if family == "overlap":
                rows = rows.filter(pl.len().over("item_id", "slice") > 1)
            reached |= {(dimension, *place) for place in rows.filter("moved").select("slice", "day").iter_rows()}
    return reached


def overlap_patterns(rows: pl.DataFrame) -> pl.DataFrame:
    """The label counts of overlap items, as the query writes them."""
    counted = [(pl.col("label") == label).sum().alias(label) for label in LABELS]
    return patterns_of(rows.group_by("item_id").agg(counted).select(LABELS).to_numpy(), labels=LABELS)
