"""What the pages on people ask for: everybody among their like, under the names that pages may show."""

from dataclasses import replace

import polars as pl

from dashboard import cache, people, reach, session
from dashboard.everybody import Everybody


def everybody() -> Everybody:
    """The reviewers that the filters let through, in the order of the names that pages show."""
    _check()
    found = cache.everybody(*session.keyed(), session.filters())
    enough = pl.col("answers") >= session.source().settings.min_cell
    standings = found.standings.reviewers.with_columns(
        pl.when(enough).then(pl.exclude("reviewer", "answers")).otherwise(None).name.keep()
    )
    return Everybody(
        replace(found.funnel, reviewers=_shown(found.funnel.reviewers.filter(enough))),
        replace(found.standings, reviewers=_shown(standings)),
        found.skill and replace(found.skill, reviewers=_shown(found.skill.reviewers.filter(enough))),
        hidden=standings.filter(~enough).height,
    )


def tallies() -> pl.DataFrame:
    """How every reviewer answered gold, by what makes cases hard, after the filters."""
    _check()
    return people.shown(cache.tallies(*session.keyed(), session.filters()))


def _check() -> None:
    reach.check("gold_tallies", ("reviewer",))


def _shown(frame: pl.DataFrame) -> pl.DataFrame:
    return people.shown(frame).sort("reviewer")
