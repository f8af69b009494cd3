"""Calibration sessions from end to end: the cases to talk about, the session made of them, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from dashboard.measure import Source
from data import calibrations
from data.ballots import read_votes
from data.calibrations import Calibration
from data.errors import LogError, NoRowsError
from data.voting import COUNTABLE, Taken, take
from metrics.calibration import chosen, ranked_kinds
from metrics.estimate import Estimate
from metrics.session import alpha, by_clause, rounds
from queries.ask import ask
from queries.filters import Filters

OF_A_POLICY, OF_A_KIND = 100, 25
"""So many cases of a policy are candidates, and so many that got the same labels: the newest of them."""


_ASIDE = {"why": pl.String, "rows": pl.Int64, "without": pl.Float64, "with": pl.Float64}


@dataclass(frozen=True, slots=True)
class Wish:
    """How many cases a session shall have, at most how many of a clause, and whether each has a control."""

    cases: int = 12
    per_clause: int = 3
    controls: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a session has come to.

    `clauses` are the rows of `metrics.session.by_clause`, the first for all; `alpha` stands for all, before and after;
    `aside` says of each reason how many rows do not count, and what agreement would be with them.
    """

    calibration: Calibration
    cases: pl.DataFrame
    votes: pl.DataFrame
    clauses: pl.DataFrame
    alpha: tuple[float | None, float | None, Estimate]
    aside: pl.DataFrame


def candidates(source: Source, filters: Filters) -> pl.DataFrame:
    """The cases that split the room, those that matter most first, at most `OF_A_POLICY` of a policy.

    Columns: `item_id`, `standard_version`, `policy`, `clause` (the commonest reason code, where there is one), and
    those of `metrics.calibration.ranked_kinds`. Gold is left out, unless there is nothing else.
    """
    labels = {"taxonomy": list(source.taxonomy.labels)}
    counts = ask(source.engine, "rating_patterns", filters, by=("policy",), parameters=labels)
    kinds = ranked_kinds(counts, ask(source.engine, "volume", filters, by=("policy", "stage")), source.taxonomy)
    there = pl.col("items").clip(upper_bound=OF_A_KIND)
    kinds = kinds.filter((there.cum_sum() - there).over("policy") < OF_A_POLICY).drop("items")
    asked = {"patterns": kinds["pattern"].unique().sort().to_list(), "most": OF_A_KIND}
    found = ask(source.engine, "split_cases", filters, parameters=asked)
    # What is talked about is gold no longer.
    found = found if found["is_gold"].all() else found.filter(~pl.col("is_gold"))
    ranked = found.join(kinds, on=["policy", "pattern"], how="inner", nulls_equal=True).sort(
        "priority", "policy", "pattern", "place", descending=[True, False, False, False]
    )
    clauses = _clauses(source, filters, ranked["item_id"])
    return ranked.drop("place", "is_gold").join(clauses, on="item_id", how="left", maintain_order="left")


def _clauses(source: Source, filters: Filters, items: pl.Series) -> pl.DataFrame:
    """The commonest reason code of each item that has one; none where the reviews are not here."""
    try:
        found = ask(source.engine, "case_clauses", filters, parameters={"items": items.unique().sort().to_list()})
    except NoRowsError:
        return pl.DataFrame(schema={"item_id": pl.String, "clause": pl.String})
    first = found.sort("reviews", "reason_code", descending=[True, False]).unique("item_id", keep="first")
    return first.select("item_id", clause="reason_code")


def untold(workspace: Path, found: pl.DataFrame) -> pl.DataFrame:
    """The candidates that no session has had, an item once."""
    had = calibrations.items_talked_about(workspace)
    return found.filter(~pl.col("item_id").is_in(had.implode())).unique("item_id", keep="first", maintain_order=True)


def make(workspace: Path, source: Source, name: str, *, filters: Filters, found: pl.DataFrame, wish: Wish) -> None:
    """Keep a session of the best of the candidates that no session has had."""
    new = untold(workspace, found)
    if new.is_empty():
        raise LogError(
            "There is no case to talk about: no item that passes the filters got several labels from independent "
            "reviews, or earlier sessions had all of them. Widen the filters."
        )
    draw = np.random.default_rng()
    cases = chosen(new, draw, cases=wish.cases, per_clause=wish.per_clause, controls=wish.controls)
    labels, last_day = source.taxonomy.labels, ask(source.engine, "span", filters)["last_day"]
    stamp = f"reviews to {last_day[0]}" if last_day.len() and last_day[0] else "reviews without times"
    kept = Calibration(name, calibrations.now(), labels, words(filters), stamp, new["harm_by"][0])
    calibrations.make(workspace, kept, cases)


def words(filters: Filters) -> str:
    """The filters in words, in which no reviewer is named."""
    said = [f"{name} {day}" for name, day in (("since", filters.since), ("until", filters.until)) if day]
    for name, values in filters.parameters().items():
        if isinstance(values, list) and values:
            named = f"{len(values)} chosen" if name == "reviewers" else ", ".join(value or "(none)" for value in values)
            said.append(f"{name.replace('_', ' ')}: {named}")
    return "; ".join(said) or "all reviews"


def take_votes(workspace: Path, name: str, files: Mapping[str, bytes]) -> Taken:
    """Count the votes in some files, by their names."""
    return take(workspace, name, (row for file, content in files.items() for row in read_votes(file, content)))


def outcome(workspace: Path, name: str) -> Outcome:
    """What a session has come to, with the votes that there are."""
    calibration, cases = calibrations.opened(workspace, name), calibrations.cases(workspace, name)
    votes = calibrations.votes(workspace, name)
    found = rounds(cases, votes, calibration.labels)
    aside = _aside(calibrations.set_aside(workspace, name), cases, votes, calibration.labels)
    return Outcome(calibration, cases, votes, by_clause(found), alpha(found), aside)


def _aside(rows: pl.DataFrame, cases: pl.DataFrame, votes: pl.DataFrame, labels: tuple[str, ...]) -> pl.DataFrame:
    """Why rows do not count, how many of each, and the agreement of all cases without and with them."""
    told = []
    for why, some in rows.group_by("why", maintain_order=True):
        more = some.select(votes.columns[1:3])
        both, known = pl.concat([votes.select(more.columns), more]), {*labels}
        every = (*labels, *sorted({*more["label"]} - known))
        agreed = [
            by_clause(rounds(cases, counted, every))["after"][0] if why[0] in COUNTABLE else None
            for counted in (votes, both)
        ]
        told.append({"why": why[0], "rows": some.height, "without": agreed[0], "with": agreed[1]})
    return pl.DataFrame(told, schema=_ASIDE)


def set_aside(workspace: Path) -> pl.DataFrame:
    """The rows set aside of all sessions, by session and reason, with what they would have changed."""
    names = calibrations.listed(workspace).filter(pl.col("set_aside") > 0)["name"]
    frames = [outcome(workspace, name).aside.select(pl.lit(name).alias("session"), pl.all()) for name in names]
    return pl.concat([pl.DataFrame(schema={"session": pl.String, **_ASIDE}), *frames])
