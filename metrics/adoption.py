"""Who still decides by the old version of a standard after the new one came: by reviewer, site and week.

It is read off items that the two versions judge differently: gold whose keys differ, and items that a shadow sample
labelled otherwise under each. Everybody errs on such items now and then, as on others; that is allowed for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from metrics.adoption_lags import lags
from metrics.adoption_shares import Shares, shares
from metrics.adoption_tables import WEEK, Asked, asked
from metrics.estimate import Estimate, undefined
from metrics.linearisation import Array, Counts
from metrics.multiplicity import among_called
from metrics.options import Options
from metrics.patterns import places
from metrics.taxonomy import Taxonomy

FALSE_DISCOVERIES = 0.05
"""The share of those called laggards who may have gone over in time, as far as is known.

Over simulated logs it was up to 8 %: how hard each item is, is not known better than a few answers tell.
"""
GRACE = 14
"""After so many days from the launch everybody should decide by the new version."""
NO_KEYS = "nobody answered an item with gold of two versions that `standards` dates, so nothing tells who follows which"
ALL_ALIKE = "no item is known that both versions judge differently: the gold of the new version has the old labels"
NOT_SINCE = "no decision since the launch on an item that both versions judge differently"
NO_ERRORS = "no decision is known to be by one version, so ordinary errors cannot be told from the old version"
ALLOWED = "ordinary errors are allowed for"
SAME_PEOPLE = f"interval: the same people, other such items; {ALLOWED}"
_PERCENT = 100
_LAGS = ("lag", "lag_low", "lag_high")
_WHOLE, _PART = pl.Int64(), pl.Float64()
_DRAWN = {"answers": _WHOLE, "took": _WHOLE, "adopted": _PART, "low": _PART, "high": _PART}
_PEOPLE = pl.Schema(
    {"reviewer": pl.String(), **_DRAWN, **dict.fromkeys(_LAGS, _WHOLE)}
    | {"p_late": _PART, "q": _PART, "is_laggard": pl.Boolean()}
)
_NO_TIMES = (
    pl.DataFrame(schema={"week": _WHOLE, **_DRAWN}),
    pl.DataFrame(schema={"day": _WHOLE, "gone_over": _PART}),
)


@dataclass(frozen=True, slots=True)
class Adoption:
    """How a new version was taken up.

    `people` has a row each: `reviewer`; `answers` since the launch on items that the versions judge differently, and
    `took`, how many of them chose what the new version says; `adopted`, the share of decisions by the new version, with
    its 95 % posterior interval `low, high`; `lag`, the day from which all decisions are by it (the launch is day 0),
    with `lag_low, lag_high`, null where that is after the last day; `p_late`, the probability that it is after day
    `grace`, and `q`, the share of false calls to expect where all are called who are as surely late (both null without
    an answer after that day); `is_laggard`. `weeks` since the launch are `week, answers, took, adopted, low, high`, and
    `days` are `day, gone_over`, the share of people who had. `overall` is the share of all decisions together, and its
    note the reason where nothing can be said.
    """

    people: pl.DataFrame
    weeks: pl.DataFrame
    days: pl.DataFrame
    overall: Estimate
    grace: int

    @property
    def half_day(self) -> int | None:
        """The first day by which half of the people had gone over; None: not yet."""
        reached = self.days.filter(pl.col("gone_over") >= 0.5)["day"]  # noqa: PLR2004 - a half
        return None if reached.is_empty() else int(reached[0])

    @property
    def sentence(self) -> str:
        """What happened, in words."""
        share, called = self.overall, self.people.filter("is_laggard")["p_late"].to_numpy()
        if share.value is None or share.low is None or share.high is None:
            return f"Nothing can be said on adoption: {share.note}."
        value, low, high = (f"{_PERCENT * each:.0f}" for each in (share.value, share.low, share.high))
        half = "half have not gone over yet" if self.half_day is None else f"half had gone over by day {self.half_day}"
        wrong = f" (about {(1 - called).sum():.1f} of these calls are wrong)" if called.size else ""
        return (
            f"Since the launch {value} % ({low}\u2013{high} %) of the {share.n:,} decisions on items that the versions "
            f"judge differently are by the new version; {half}, and {called.size} of {self.people.height} reviewers "
            f"still decided by the old one after day {self.grace}{wrong}."
        )


def adoption(parts: Sequence[pl.DataFrame], taxonomy: Taxonomy, options: Options) -> Sequence[Estimate]:  # noqa: ARG001
    """Each slice's share of decisions by the new version, drawn towards that of all slices."""
    named = [part.with_columns(unit=pl.lit(place, pl.Int64)) for place, part in enumerate(parts)]
    if not named:
        return []
    every = pl.concat(named)
    found = asked(every, taxonomy, units=len(parts))
    if reason := _nothing(every, found):
        return [undefined(0, reason) for _ in parts]
    note = f"drawn towards all others; {ALLOWED}" if len(parts) > 1 else SAME_PEOPLE
    return _estimates(shares(found, units=len(parts)), _answers(found, len(parts)), note=note)


def course(answers: pl.DataFrame, taxonomy: Taxonomy, *, grace: int = GRACE) -> Adoption:
    """How a new version was taken up, from the counts of the question `adoption` cut by reviewer.

    Takes answers for independent, and somebody who has gone over not to go back. The intervals are about the same
    people on other such items.
    """
    names = answers["reviewer"].unique().sort()
    rows, units = answers.with_columns(unit=pl.Series(places(answers["reviewer"], names))), len(names)
    found = asked(rows, taxonomy, units=units)
    if reason := _nothing(rows, found):
        return Adoption(pl.DataFrame(schema=_PEOPLE), *_NO_TIMES, undefined(0, reason), grace)
    gone_over = lags(found, units=units)
    people = pl.DataFrame({"reviewer": names}).with_columns(
        **_drawn(found, units),
        **{name: _days(gone_over.days(level)) for name, level in zip(_LAGS, (0.5, 0.025, 0.975), strict=True)},
        p_late=np.where(_answers(found, units, since=grace + 1) > 0, gone_over.after(grace), np.nan),
    )
    by_week = replace(found, unit=found.days // WEEK)
    together = replace(found, unit=np.zeros_like(found.unit))
    (overall,) = _estimates(shares(together, units=1), _answers(together, 1), note=SAME_PEOPLE)
    weeks = int(found.days.max()) // WEEK + 1
    return Adoption(
        _called(people),
        pl.DataFrame({"week": np.arange(weeks)}).with_columns(**_drawn(by_week, weeks)).filter(pl.col("answers") > 0),
        pl.DataFrame({"day": np.arange(gone_over.curve.size), "gone_over": gone_over.curve}),
        overall,
        grace,
    )


def _nothing(answers: pl.DataFrame, found: Asked) -> str:
    """Why nothing can be said; empty where something can."""
    if found.answers.size:
        return ""
    if answers.is_empty():
        return NO_KEYS
    differing = answers.filter(pl.col("old_label") != pl.col("new_label"))
    if differing.is_empty():
        return ALL_ALIKE
    return NO_ERRORS if differing["days"].count() else NOT_SINCE


def _estimates(found: Shares, n: Counts, *, note: str) -> list[Estimate]:
    rows = zip(found.means, *found.intervals, n, strict=True)
    return [
        Estimate(float(mean), float(low), float(high), int(k), note) if k else undefined(0, NOT_SINCE)
        for mean, low, high, k in rows
    ]


def _drawn(found: Asked, units: int) -> dict[str, pl.Series]:
    """The answers of each unit, and its share with the interval."""
    drawn = shares(found, units=units)
    low, high = drawn.intervals
    columns = {
        "answers": _answers(found, units),
        "took": np.bincount(found.unit, found.took, units).astype(np.int64),
        "adopted": drawn.means,
        "low": low,
        "high": high,
    }
    return {name: pl.Series(values) for name, values in columns.items()}


def _answers(found: Asked, units: int, *, since: int = 0) -> Counts:
    kept = found.days >= since
    return np.bincount(found.unit[kept], found.answers[kept], units).astype(np.int64)


def _days(days: Array) -> pl.Series:
    return pl.Series(days).fill_nan(None).cast(pl.Int64)


def _called(people: pl.DataFrame) -> pl.DataFrame:
    """The people, unknown where they were not asked, with who is called a laggard."""
    q, late = np.full(people.height, np.nan), people["p_late"].to_numpy()
    q[np.isfinite(late)] = among_called(1 - late[np.isfinite(late)])
    was_asked = pl.when(pl.col("answers") > 0)
    called = people.with_columns(
        *(was_asked.then(pl.col(name)).alias(name) for name in ("adopted", "low", "high", *_LAGS)),
        pl.col("p_late").fill_nan(None),
        q=pl.Series(q).fill_nan(None),
    )
    return called.with_columns(is_laggard=(pl.col("q") <= FALSE_DISCOVERIES).fill_null(value=False))
