"""What a simulated log's model and people say from day to day, without a load: the series watched for drift."""

import datetime as dt

import numpy as np
import polars as pl
from simulated import TAXONOMY

from data.simulation.day import make_day
from data.simulation.effects import Memory
from data.simulation.faults import read_fault
from data.simulation.house import House
from data.simulation.plan import Plan
from data.simulation.world import GOLD, LABELS
from metrics.drift import MEASURES, Drift, drift
from metrics.drift_series import watch
from metrics.model_series import model_series
from metrics.windows import Windows, score_counts

DAYS, REVIEWERS = 70, 60
FIRST = Plan(days=DAYS).first_day


def answers(seed: int, *faults: str, reviews: int) -> pl.DataFrame:
    """Every item's first independent review beside the model's answer: day, policy, site, labels and score."""
    planted = tuple(read_fault(fault) for fault in faults)
    house = House.of(Plan(reviews=reviews, days=DAYS, reviewers=REVIEWERS, seed=seed, faults=planted))
    memory, frames = Memory.empty(REVIEWERS), []
    for number in range(DAYS):
        found = make_day(house, number, first_number=1, memory=memory)
        kept = (found.dealt.stage != GOLD) & ~found.shown
        row = found.dealt.row[kept]
        frames.append(
            pl.DataFrame(
                {
                    "day": np.full(len(row), number),
                    "item": row,
                    "policy": found.dealt.items.policy[kept],
                    "site": house.people.site[found.dealt.reviewer][kept],
                    "model_label": np.array(LABELS)[found.predictions.label[row]],
                    "score": found.predictions.score[row].round(4),
                    "label": np.array(LABELS)[found.label[kept]],
                }
            )
        )
    every = pl.concat(frames).unique(["day", "item"], keep="first", maintain_order=True)
    return every.with_columns(day=pl.lit(FIRST) + pl.duration(days=pl.col("day")))


def watched(rows: pl.DataFrame, by: str | None = None, *, metrics: tuple[str, ...] = ("model_human_agreement",)):
    """The daily numbers of everything, or of each slice, with limits, and of agreement with changes."""
    pattern = pl.format("1\x1f{}", "label")
    counts = rows.group_by(*([by] if by else []), "day", "model_label", pattern=pattern).agg(items=pl.len())
    series = model_series(counts, TAXONOMY, by=by, period="day")
    return [
        watch(
            each.points.rename({name: "value"}),
            unit="coefficient" if name.endswith("kappa") else "share",
            variance=each.variance[name],
            is_dated=name == "model_human_agreement",
        )
        for each in series.values()
        for name in metrics
    ]


def compared(rows: pl.DataFrame) -> list[Drift]:
    """The scores of the last 14 days against those of the first third, by every measure."""
    windows = (pl.col("day") < day(1 + DAYS // 3), pl.col("day") > day(DAYS - 14))
    frames = [rows.filter(window).group_by("score").agg(items=pl.len().cast(pl.Int64)) for window in windows]
    values, counts, _ = score_counts(frames)
    return [drift(measure, Windows.of(counts[0], counts[1], values)) for measure in MEASURES.values()]


def day(number: int) -> dt.date:
    """The date of a day, the first being 1."""
    return FIRST + dt.timedelta(days=number - 1)
