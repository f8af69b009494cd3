"""Checks of one table of the log against another.

`queries/checks/` holds a file for each. It gives every row that it judges its `id`, the `item_id` whose case shows it
(null where there is none) and `is_doubted`: null where a row lacks what the check needs, so that nothing is doubted for
being incomplete.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from data.engine import Engine

_FOLDER = Path(__file__).parent / "checks"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that can be wrong between the rows of a log.

    `title` says which rows of the table it doubts, in a reader's words. `needs` names the tables and the optional
    columns without which it says nothing. Rows that `are_set_aside` were never loaded: they are counted from the
    quarantine. One that `seeks_reviews` doubts what has none, so it needs all reviews that there ever were. Audits that
    one doubts have the `standing` of `audits.sql`.
    """

    name: str
    table: str
    title: str
    needs: tuple[str, ...]
    are_set_aside: bool = False
    standing: str = ""

    @property
    def seeks_reviews(self) -> bool:
        """Whether it doubts what points at no review."""
        return self.name.endswith("_without_review")

    @property
    def doubts_reviews(self) -> bool:
        """Whether it doubts reviews that count, so that a number can be measured without them."""
        return self.table == "reviews" and not self.are_set_aside

    @property
    def sql(self) -> str:
        """The text of its file."""
        return (_FOLDER / f"{self.name}.sql").read_text("utf-8")


def _check(name: str, table: str, title: str, *needs: str, are_set_aside: bool = False, standing: str = "") -> Check:
    return Check(name, table, title, needs, are_set_aside, standing)


CHECKS: dict[str, Check] = {
    check.name: check
    for check in (
        _check("gold_without_review", "gold", "gold items that nobody reviewed", "gold", "reviews"),
        _check("audits_without_review", "audits", "audits of reviews that are not in the log", "audits", "reviews"),
        _check(
            "appeals_without_review", "appeals", "appeals against reviews that are not in the log", "appeals", "reviews"
        ),
        _check(
            *("predictions_without_review", "predictions", "predictions about items that nobody reviewed"),
            *("predictions", "reviews"),
        ),
        _check(
            "predictions_of_no_label",
            "predictions",
            "answers of models that are none of the labels, counted as no answer",
            *("predictions.label", "labels"),
        ),
        _check(
            "scored_long_before_seen",
            "predictions",
            "answers of models over 30 days older than the first look at the item",
            *("predictions.scored_at", "reviews.decided_at"),
        ),
        _check(
            "unknown_standards",
            "reviews",
            "reviews under a version of their policy that is not in `standards`",
            *("standards", "reviews.policy", "reviews.standard_version"),
        ),
        _check(
            "decided_before_claimed",
            "reviews",
            "reviews decided before they were claimed",
            *("reviews.decided_at", "reviews.claimed_at"),
        ),
        _check(
            "decided_before_hired",
            "reviews",
            "reviews decided before the reviewer was hired",
            *("reviews.decided_at", "reviewers.hired_on"),
        ),
        _check(
            "decided_after_left",
            "reviews",
            "reviews decided after the reviewer left",
            *("reviews.decided_at", "reviewers.left_on"),
        ),
        _check("reviews_in_the_future", "reviews", "reviews from the future", "reviews.decided_at", are_set_aside=True),
        _check(
            *("self_audits", "audits", "audits by the reviewer who made the decision", "audits", "reviews"),
            standing="own",
        ),
        _check(
            *("audits_not_blind", "audits", "audits by somebody who saw the decision", "audits.is_blind"),
            standing="not blind",
        ),
        _check("repeated_audits", "audits", "audits that their auditor repeated later", "audits", standing="repeated"),
        _check(
            "improbable_audits",
            "audits",
            "audits whose inclusion probability is not above 0 and at most 1",
            "audits.inclusion_probability",
            are_set_aside=True,
        ),
        _check(
            "audited_before_decided",
            "audits",
            "audits made before the decision that they check",
            *("audits", "reviews.decided_at"),
            standing="early",
        ),
        _check(
            "appealed_before_decided",
            "appeals",
            "appeals opened before the decision that they contest",
            *("appeals", "reviews.decided_at"),
        ),
        _check(
            *("reviewers_in_two_teams", "reviewers", "rows that put one reviewer in two teams in one delivery"),
            "reviewers.team",
            are_set_aside=True,
        ),
    )
}

_COUNTS = """
select
    count(is_doubted) as judged_rows,
    count(*) filter (where is_doubted) as doubted_rows,
    min(id, 5) filter (where is_doubted) as examples,
    arg_min(item_id, id, 5) filter (where is_doubted) as items
from checked
"""


_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "check": pl.String,
    "judged_rows": pl.Int64,
    "doubted_rows": pl.Int64,
    "examples": pl.List(pl.String),
    "items": pl.List(pl.String),
    "needs": pl.String,
}


def run_checks(engine: Engine, complete: pl.DataFrame) -> pl.DataFrame:
    """One row per check: `check, judged_rows, doubted_rows, examples, items, needs`.

    Where a check could not run its counts are null, and `needs` says for want of what; `complete` is the completeness
    of the tables. A check of rows that were set aside always runs, for these may be all that there was.
    """
    rows: list[dict[str, Any]] = []
    for check in CHECKS.values():
        missing = _missing(check, complete)
        if check.seeks_reviews and engine.forgotten:
            missing = [f"the reviews of before {engine.forgotten}, whose rows were forgotten"]
        if missing and not check.are_set_aside:
            rows.append({"check": check.name, "needs": ", ".join(missing)})
            continue
        counts = engine.fetch(_counts(check), {}).row(0, named=True)
        needs = ", ".join(missing) or f"{' and '.join(check.needs)} in one row"
        rows.append({"check": check.name} | (counts if counts["judged_rows"] else {"needs": needs}))
    return pl.DataFrame(rows, schema=_SCHEMA)


def doubted(names: Sequence[str]) -> str:
    """The SQL of the ids of all reviews that one of these checks doubts."""
    parts = (f"select id from (\n{CHECKS[name].sql}) as checked where is_doubted" for name in names)  # noqa: S608 - ours
    return "\nunion all\n".join(parts)


def _counts(check: Check) -> str:
    return f"with checked as (\n{check.sql})\n{_COUNTS}"


def _missing(check: Check, complete: pl.DataFrame) -> list[str]:
    """What the check needs and the log does not have: tables without rows, columns without values."""
    filled = {f"{table}.{column}": number for table, column, _, number in complete.iter_rows()}
    filled |= {table: number for table, _, number, _ in complete.iter_rows()}
    return [need for need in check.needs if not filled[need]]
