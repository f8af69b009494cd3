"""What changed, for the filters of the page: the explanation, as a chart and a table."""

from dataclasses import replace

import polars as pl

from dashboard import cache, explanation, reach, session, theme
from dashboard.charts.changes import KINDS
from dashboard.explanation import Explanation
from dashboard.render import Chart
from metrics.catalogue import CATALOGUE

MOST_SEGMENTS = 15
"""Of more segments, those that add most are drawn."""
_KINDS = {"value": KINDS[0], "mix": KINDS[1]}


def change(name: str, days: int, first: str) -> Explanation:
    """Why a metric changed in the last days, by a dimension and within it by what else the log has."""
    filters = replace(session.filters(), since=None, until=None)
    further = (level for level in explanation.LEVELS if level != first and level in session.comparable())
    levels = (first, *further)[: explanation.MOST_LEVELS]
    reach.check(CATALOGUE[name].query, levels)
    windows = explanation.last_days(session.span()["last_day"], days)
    return cache.explained(*session.keyed(), name, windows, filters, levels)


def by_segment(told: Explanation, *, sql: str) -> Chart:
    """What each segment of the first level adds: by other answers in it, on all levels below, and by its share."""
    level, scale = told.levels[0], theme.FORMATS[told.metric.unit].scale
    terms = told.found.terms.filter(level=level).with_columns(pl.col("kind").replace(_KINDS))
    largest = (
        terms.group_by("segment").agg(pl.col("term").abs().max()).sort("term", "segment", descending=[True, False])
    )
    kept = largest["segment"].head(MOST_SEGMENTS)
    drawn = (
        terms.filter(pl.col("segment").is_in(kept.implode()))
        .with_columns(pl.col("term", "low", "high") * scale)
        .rename({"term": "change", "segment": level})
        .drop("level", "path")
        .sort(pl.col(level).replace_strict(kept, range(len(kept)), return_dtype=pl.Int64), "kind")
    )
    few = f" · the {MOST_SEGMENTS} that add most of {largest.height}" * (largest.height > MOST_SEGMENTS)
    first = drawn.row(0, named=True)
    return Chart(
        template=f"changes_{level}_{told.metric.unit}",
        frames={"data": drawn, "reference": pl.DataFrame({"value": [0.0]})},
        title=f"What each {level.replace('_', ' ')} adds to the change",
        caption=f"95 % interval · other cases: more or fewer of them · other answers: to the same kinds of cases{few}",
        alt=f"{explanation.sentence(told)} Most by {first[level]}: {first['change']:+.2f} by {first['kind']}.",
        sql=sql,
        table=told.terms,
    )


def table(told: Explanation, most: int = 20) -> pl.DataFrame:
    """The largest terms of all levels, in words."""
    unit = told.metric.unit
    rows = [
        {
            "where": row["segment"],
            "because of": _KINDS[row["kind"]],
            "adds": explanation.signed(row["change"], unit),
            "95 % interval": f"{explanation.signed(row['low'], unit)} to {explanation.signed(row['high'], unit)}",
            "before": theme.number(row["value_before"], unit, row["n_before"]),
            "after": theme.number(row["value_after"], unit, row["n_after"]),
            "n before": row["n_before"],
            "n after": row["n_after"],
        }
        for row in told.terms.head(most).iter_rows(named=True)
    ]
    return pl.DataFrame(rows)
