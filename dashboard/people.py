"""Who is who: reviewers by their ids where the workspace grants that, and by pseudonyms otherwise.

A reviewer has the same pseudonym on every page, after every load and in every link, and another one in another
workspace. The command line, which those use who hold the files, shows ids.
"""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from dashboard import cache, session
from queries.filters import Mark

COLUMNS = ("reviewer", "reviewer_id", "reviewer_a", "reviewer_b", "peer")
"""The columns that hold a reviewer."""


def shown(frame: pl.DataFrame) -> pl.DataFrame:
    """The same frame with every reviewer as the pages call them."""
    called = _called()
    columns = [name for name in COLUMNS if name in frame.columns]
    return frame.with_columns(pl.col(columns).replace(called)) if called and columns else frame


def names(reviewers: Iterable[str]) -> list[str]:
    """What the pages call these reviewers, in the order of these names."""
    called = _called()
    return sorted(called.get(reviewer, reviewer) for reviewer in reviewers)


def meant(name: str | None) -> str | None:
    """The reviewer whom the pages call so; an unknown name stands for itself, and so for nobody."""
    return {called: reviewer for reviewer, called in _called().items()}.get(name, name) if name else name


def behind(mark: Mark) -> Mark:
    """The same mark with the reviewers whom its names mean."""
    return replace(mark, reviewer_a=meant(mark.reviewer_a), reviewer_b=meant(mark.reviewer_b))


def _called() -> dict[str, str]:
    """What each reviewer is called; nothing where the workspace grants ids."""
    settings = session.source().settings
    return {} if settings.names else cache.pseudonyms(*session.keyed())
