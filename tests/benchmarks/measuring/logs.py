"""A made-up log of benchmark size: seeded, in the shape of the contract, as Parquet files in the order of time.

`write_log(folder, LogPlan(reviews))` writes what `evenhand load` reads, and `write_next_day` one day more. 15 % of
items are decided on by two to four reviewers, a quarter of the later decisions on a later day; 3 % of reviews are on
gold items, of which every week brings new ones; 0.5 % are repeats by the same reviewer. The same plan with random item
ids differs in nothing but the ids.
"""

from pathlib import Path

import numpy as np
import polars as pl
from measuring.house import LABELS, SHARES, House, Numbers, given_labels, labels_table, reviewers_table
from measuring.plan import GOLD_SHARE, MULTI_SHARE, REPEATS_SHARE, STAGES, TWO_THREE_FOUR, LogPlan
from measuring.rows import gold_rows, prediction_rows, review_rows

SECONDS = 86_400
DAYS_A_FILE, MOST_RATINGS = 8, 4
LATER_DAY, MOST_DAYS_LATER, MOST_DAYS_AGAIN = 0.25, 3, 20


def write_log(folder: Path, plan: LogPlan) -> int:
    """Write the tables of a log into a new folder; how many reviews it has."""
    (folder / "reviews").mkdir(parents=True)
    (folder / "predictions").mkdir()
    reviewers_table().write_parquet(folder / "reviewers.parquet")
    labels_table().write_parquet(folder / "labels.parquet")
    if not plan.plain:
        gold_rows(plan, pl.concat(_gold_items(plan, week) for week in range(plan.weeks))).write_parquet(
            folder / "gold.parquet"
        )
    days, rows = _Days(plan), 0
    for start in range(0, plan.days, DAYS_A_FILE):
        parts = [days.written(day) for day in range(start, min(start + DAYS_A_FILE, plan.days))]
        for table, frames in zip(("reviews", "predictions"), zip(*parts, strict=True), strict=True):
            pl.concat(frames).write_parquet(folder / table / f"{table}-{start:03}.parquet", compression="zstd")
        rows += sum(reviews.height for reviews, _ in parts)
    return rows


def write_next_day(folder: Path, plan: LogPlan) -> int:
    """Write what the day after a log delivers into a folder of its own; how many reviews that is.

    Of the days before only the last are made again, whose items come back.
    """
    folder.mkdir(parents=True)
    days = _Days(plan)
    for day in range(max(0, plan.days - MOST_DAYS_AGAIN), plan.days):
        days.written(day)
    reviews, predictions = days.written(plan.days)
    reviews.write_parquet(folder / "reviews.parquet", compression="zstd")
    predictions.write_parquet(folder / "predictions.parquet", compression="zstd")
    return reviews.height


class _Days:
    """Makes one day after the other, and keeps the decisions that come on a later day."""

    def __init__(self, plan: LogPlan) -> None:
        self._plan, self._house = plan, House.of(plan.seed)
        self._pending: dict[int, list[pl.DataFrame]] = {}

    def written(self, day: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The reviews and the predictions of a day, as the log has them."""
        plan, random = self._plan, np.random.default_rng([self._plan.seed, 1, day])
        items = _items(plan, self._house, random, day)
        found = self._decisions(random, items, day)
        if not plan.plain:
            found = pl.concat([found, _gold_answers(plan, self._house, random, day)])
            again = found.filter(pl.Series(random.random(found.height) < REPEATS_SHARE))
            self._postpone(again, day + random.integers(1, MOST_DAYS_AGAIN + 1, again.height), random)
        today = pl.concat([found, *self._pending.pop(day, [])]).sort("at", maintain_order=True)
        return review_rows(plan, today, random, day), prediction_rows(plan, items, random, day)

    def _decisions(self, random: np.random.Generator, items: pl.DataFrame, day: int) -> pl.DataFrame:
        """What is decided today about the items of today; what comes on a later day is kept."""
        panel = self._house.panels(random, items["cell"].to_numpy(), most=MOST_RATINGS)
        row, place = np.nonzero(np.arange(MOST_RATINGS) < items["ratings"].to_numpy()[:, None])
        reviewer = panel[row, place]
        every = (
            items[row]
            .drop("ratings")
            .with_columns(
                reviewer=reviewer,
                label=given_labels(random, items["truth"].to_numpy()[row], self._house.skill[reviewer]),
                at=pl.Series(random.integers(0, SECONDS, row.size)),
            )
        )
        is_later = (place > 0) & (random.random(row.size) < LATER_DAY)
        later = every.filter(pl.Series(is_later))
        self._postpone(later, day + random.integers(1, MOST_DAYS_LATER + 1, later.height), random)
        return every.filter(pl.Series(~is_later))

    def _postpone(self, decisions: pl.DataFrame, days: Numbers, random: np.random.Generator) -> None:
        moved = decisions.with_columns(at=pl.Series(random.integers(0, SECONDS, decisions.height)))
        for day in np.unique(days).tolist():
            self._pending.setdefault(day, []).append(moved.filter(pl.Series(days == day)))


def _items(plan: LogPlan, house: House, random: np.random.Generator, day: int) -> pl.DataFrame:
    """The items that arise on a day."""
    count = plan.items_a_day
    is_multi = random.random(count) < MULTI_SHARE
    ratings = np.where(is_multi, 2 + random.choice(3, count, p=TWO_THREE_FOUR), 1)
    stage = np.where(is_multi, np.where(random.random(count) < 0.1, 2, 1), 0)
    return pl.DataFrame(
        {
            "item": plan.weeks * plan.gold_items_a_week + day * count + np.arange(count, dtype=np.int64),
            "cell": house.drawn_cells(random, count),
            "kind": random.integers(0, 6, count),
            "truth": random.choice(len(LABELS), count, p=SHARES),
            "stage": stage,
            "ratings": ratings,
        }
    )


def _gold_items(plan: LogPlan, week: int) -> pl.DataFrame:
    """The gold items that come with a week."""
    random, count = np.random.default_rng([plan.seed, 2, week]), plan.gold_items_a_week
    return pl.DataFrame(
        {
            "item": week * count + np.arange(count, dtype=np.int64),
            "cell": House.of(plan.seed).drawn_cells(random, count),
            "kind": random.integers(0, 6, count),
            "truth": random.choice(len(LABELS), count, p=(0.4, 0.15, 0.15, 0.1, 0.15, 0.05)),
            "stage": np.full(count, STAGES.index("gold")),
        }
    )


def _gold_answers(plan: LogPlan, house: House, random: np.random.Generator, day: int) -> pl.DataFrame:
    """What is answered today to the gold items of this week, by people of their cell."""
    items = _gold_items(plan, day // 7)
    chosen = items[random.integers(0, items.height, round(plan.reviews * GOLD_SHARE / plan.days))]
    reviewer = house.panels(random, chosen["cell"].to_numpy(), most=2)[:, 0]
    label = given_labels(random, chosen["truth"].to_numpy(), house.skill[reviewer])
    return chosen.with_columns(reviewer=reviewer, label=label, at=pl.Series(random.integers(0, SECONDS, chosen.height)))
