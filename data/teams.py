"""Reviewers whom one delivery puts in several teams: no row of it can say which one is right."""

from collections.abc import Mapping, Sequence

import duckdb

_SQL = """
select reviewer_id, list(distinct team order by team) as teams
from reviewers
where sequence > $after
group by reviewer_id
having count(distinct team) > 1
"""
_LONGEST_NAME = 100
"""More of a name would only bury the message."""


def contested(connection: duckdb.DuckDBPyConnection, *, after: int) -> Mapping[str, str]:
    """The reviewers of whom the rows appended after a place name several teams, and what is to be said of such a row.

    A later delivery that moves a reviewer is an ordinary correction.
    """
    found = connection.execute(_SQL, {"after": after}).fetchall()
    return {reviewer: _reason(reviewer, teams) for reviewer, teams in found}


def _reason(reviewer: str, teams: Sequence[str]) -> str:
    who, one, another = (name[:_LONGEST_NAME] for name in (reviewer, *teams[:2]))
    count, others = ("two", "") if len(teams) == 2 else (f"{len(teams):,}", " and others")  # noqa: PLR2004 - a word for two
    return f"reviewer {who} is in {count} teams, {one} and {another}{others}, in one delivery"
