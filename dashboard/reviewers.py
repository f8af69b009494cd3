"""What the pages on people ask for: everybody among their like, under the names that pages may show."""

from dataclasses import replace

import polars as pl

from dashboard import cache, people, reach, session
from dashboard.everybody import Everybody


def everybody() -> Everybody:
    """The reviewers that the filters let through, in the order of the names that pages show."""
    _check()
    found = cache.everybody(*session.keyed(), session.filters())
    return Everybody(
        replace(found.funnel, reviewers=_shown(found.funnel.reviewers)),
        replace(found.standings, reviewers=_shown(found.standings.reviewers)),
        found.skill and replace(found.skill, reviewers=_shown(found.skill.reviewers)),
    )


def tallies() -> pl.DataFrame:
    """How every reviewer answered gold, by what makes cases hard, after the filters."""
    _check()
    return people.shown(cache.tallies(*session.keyed(), session.filters()))


def _check() -> None:
    reach.check("gold_tallies", ("reviewer",))


def _shown(frame: pl.DataFrame) -> pl.DataFrame:
    return people.shown(frame).sort("reviewer")
