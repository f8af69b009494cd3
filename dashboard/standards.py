"""New versions of standards: charts, tables and sentences on how they were taken up and what is unclear in them."""

from datetime import timedelta
from typing import Any

import polars as pl

from dashboard import cache, people, reach, session, theme
from dashboard.render import Chart
from dashboard.sentences import counted
from metrics.adoption import Adoption
from metrics.backlog import Backlog
from metrics.options import Options
from queries.filters import Filters

_WEEK = 7


def changes() -> pl.DataFrame:
    """The versions that followed another, the newest first: policy, old_version, new_version, effective_at, summary."""
    found = cache.asked(*session.keyed(), "new_standards", Filters())
    return found.sort("effective_at", "policy", descending=[True, False])


def answer(name: str, question: str, *about: str) -> Any:
    """An answer of `standard_answers`, for the filters of the page; `question` is the largest that it asks."""
    reach.check(question)
    return cache.told(*session.keyed(), name, session.filters(), Options(), *about)


def by_week(found: Adoption, change: dict[str, Any], *, happened: pl.DataFrame, sql: str) -> Chart:
    """The share of decisions by the new version, week by week since the launch."""
    launch = change["effective_at"].date()
    drawn = found.weeks.select(
        pl.lit(launch).dt.offset_by(pl.format("{}d", pl.col("week") * _WEEK)).alias("period"),
        pl.col("adopted").alias("value"),
        "low",
        "high",
        pl.col("answers").alias("n"),
        pl.lit("decisions on items that the versions judge differently").alias("note"),
    )
    until = launch + timedelta(days=_WEEK * (1 + max(found.weeks["week"], default=0)))
    return Chart(
        template="shares_over_time",
        frames={
            "data": drawn,
            "reference": pl.DataFrame({"value": [1.0]}),
            "events": happened.filter(pl.col("at").dt.date() <= until),
        },
        title=f"Decisions by {change['new_version']}, by week since it holds",
        caption="95 % interval · weeks from the launch · dashed: all of them",
        alt=found.sentence,
        sql=sql,
    )


def followers(found: Adoption) -> tuple[pl.DataFrame, int]:
    """How surely each reviewer still decided by the old version after the grace, and how many had too few answers."""
    least = session.source().settings.min_cell
    known = found.people.filter(pl.col("answers") >= least)
    share = theme.FORMATS["share"]
    table = people.shown(known).select(
        "reviewer",
        stands=pl.when("is_laggard").then(pl.lit("late")).otherwise(pl.lit("")),
        by_the_new_version=_share("adopted"),
        interval=_share("low").str.strip_suffix(share.suffix) + " to " + _share("high"),
        still_late=_share("p_late"),
        answers="answers",
    )
    return table.sort("stands", "reviewer", descending=[True, False]), found.people.height - known.height


def urgent(found: Backlog) -> pl.DataFrame:
    """The clauses to rewrite in the words of a table, the most urgent first; those with too few items are left out."""
    known = found.clauses.drop_nulls("rank")
    return known.select(
        "rank",
        "policy",
        "clause",
        called=pl.when("is_unclear").then(pl.lit("unclear")).otherwise(pl.lit("")),
        priority=pl.col("priority").round(1),
        reviews="reviews",
        harm=pl.col("harm").round(2),
        clarity_index=_share("clarity_index"),
        interval=_share("low").str.strip_suffix(theme.FORMATS["share"].suffix) + " to " + _share("high"),
        mixed_up_with=pl.col("instead").fill_null("–"),
        examples="examples",
    )


def left_out(found: Backlog) -> str:
    """How many clauses too little is known of."""
    few = found.clauses["rank"].null_count()
    return f"{counted(few, 'clause')} with too few items that several decided: only in the CSV." if few else ""


def _share(column: str) -> pl.Expr:
    """A share as a person reads it; a dash where there is none."""
    unit = theme.FORMATS["share"]
    return ((pl.col(column) * unit.scale).round(unit.digits).cast(pl.String) + unit.suffix).fill_null("–")
