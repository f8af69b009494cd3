"""What a question stands on: the reviews of the log, or a rollup that says the same about them.

A source is made of pieces, files in `queries/sources/`. A row of a piece stands for `times` reviews, or for `items`
whole items of one `pattern`, or for what two reviewers said; a piece leaves out the columns that it cannot tell.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from queries.filters import Filters

_FOLDER = Path(__file__).parent / "sources"

Source = Literal[
    "log",
    "one_item",
    "audited",
    "appealed",
    "some_items",
    "keyed",
    "daily",
    "reviewer_daily",
    "items",
    "shared",
    "rated",
    "pairs",
    "pair_totals",
    "several",
    "split",
    "alike",
    "gold_reviews",
]
OF_ROWS: tuple[Source, ...] = ("log", "one_item", "audited", "appealed", "some_items", "keyed")
"""The sources that are rows of the log and no rollup."""
_OF_LOG = {"model", "model_version", "model_label", "score"}
_BY_REVIEWER, _NOT_BY_REVIEWER = {"reviewer", "team", "site"}, {"policy", "language"}
"""What the rollup by reviewer tells apart, and what it does not."""
_PERIODS = ("day", "week", "month")
_ANSWERED_BY: dict[str, str] = {
    "label_counts": "counts",
    "taxonomy": "counts",
    "volume": "counts",
    "span": "counts",
    "active_reviewers": "reviewers",
    "distinct_items": "items",
    "rating_patterns": "items",
    **dict.fromkeys(("self_pairs", "noise_pairs", "repeat_patterns", "shadow_pairs"), "shared"),
    "reviewer_pairs": "pairs",
    "peer_pairs": "pairs",
    "gold_answers": "gold",
    "gold_tallies": "gold",
    "gold_labels": "gold",
    "gold_sequence": "gold",
    "cases": "cases",
    "case_reviews": "cases",
    "split_cases": "alike",
}
"""Which rollups can answer a question; the log answers the others."""
_OF_FEW: dict[str, Source] = {
    "audits": "audited",
    "model_audits": "audited",
    "appeals": "appealed",
    "case_clauses": "some_items",
    "adoption": "keyed",
}
"""The questions about the few reviews of the log that something came of, or that are of some items."""


@cache
def piece(name: str) -> str:
    """The text of one piece."""
    return (_FOLDER / f"{name}.sql").read_text("utf-8")


def source_of(name: str, filters: Filters, by: Sequence[str], asked: Mapping[str, Any] | None = None) -> Source:
    """The smallest source that answers a question exactly; `asked` are its parameters beside the filters."""
    return _OF_FEW.get(name) or _of_most(name, filters, by, asked)


def _of_most(name: str, filters: Filters, by: Sequence[str], asked: Mapping[str, Any] | None) -> Source:
    cut = {*filters.dimensions(), *by}
    kind = "log" if filters.without or cut & _OF_LOG or "label" in by else _ANSWERED_BY.get(name, "log")
    by_reviewer = bool(cut & _BY_REVIEWER) or kind == "reviewers"
    found: Source = "log"
    match kind:
        case "gold":
            found = "gold_reviews"
        case "shared" | "alike":
            found = "alike" if kind == "alike" and cut.isdisjoint({"label", *_BY_REVIEWER}) else "several"
        case "pairs":
            found = _of_pairs(filters, by, cut)
        case "cases":
            found = _of_cases(asked or {}, cut)
        case "log":
            pass
        case _ if by_reviewer and cut & _NOT_BY_REVIEWER:
            pass
        case "items" if by_reviewer:
            found = "rated"
        case "items":
            found = "shared" if "label" in cut or period_of(by) is None else "items"
        case _:
            found = "reviewer_daily" if by_reviewer else "daily"
    return found


def _of_pairs(filters: Filters, by: Sequence[str], cut: set[str]) -> Source:
    """Both reviewers of a pair are told, but not their teams, and not what either said elsewhere."""
    if cut & {"label", "team", "site"} or period_of(by) is None or "reviewer" in by:
        return "several"
    return "pair_totals" if cut <= {"reviewer"} and filters.since is None and filters.until is None else "pairs"


def _of_cases(asked: Mapping[str, Any], cut: set[str]) -> Source:
    """An item that got two labels, or two reviewers, has several reviews."""
    if asked.get("item_id"):
        return "one_item"
    marked = {name for name in ("gold_label", "label_a", "label_b", "reviewer_a", "reviewer_b") if asked.get(name)}
    if asked.get("is_split") and not marked and cut.isdisjoint({"label", *_BY_REVIEWER}):
        return "split"
    if asked.get("is_split") or marked & {"label_b", "reviewer_b"}:
        return "several"
    return "gold_reviews" if "gold_label" in marked else "log"


def pieces(name: str, stands_on: Source, filters: Filters, by: Sequence[str]) -> list[str]:
    """The files of a source of rollups that a question reads, without those in which the window leaves nothing."""
    period = period_of(by) or "none"
    in_weeks = period in ("span", "week") and name != "span"
    counts = ["weekly", "around_weeks"] if in_weeks else ["daily"]
    by_reviewer = [f"reviewer_{each}" for each in counts]
    months = ["whole_months", "before_months", "after_months"] if period == "span" else ["whole_items"]
    cut = [] if period == "day" else ["cut_by_since", "cut_by_until"]
    found: dict[Source, list[str]] = {
        "daily": [*counts, "repeats"],
        "reviewer_daily": [*by_reviewer, "repeats"],
        "items": [*counts, *months, "not_whole", *cut],
        "shared": [*counts, "shared"],
        "rated": [*by_reviewer, "shared"],
        "pairs": ["pairs", "not_whole"],
        "pair_totals": ["pair_totals", "not_whole"],
        "several": ["shared"],
        "split": ["split", "not_whole", *cut],
        "alike": ["alike", "not_whole", *cut],
        "gold_reviews": ["gold_reviews"],
    }
    left_out = {*(() if filters.since else ("before_months", "cut_by_since"))}
    left_out |= {*(() if filters.until else ("after_months", "cut_by_until"))}
    left_out |= {*(() if filters.since or filters.until else ("around_weeks", "reviewer_around_weeks"))}
    return [each for each in found[stands_on] if each not in left_out]


def period_of(by: Sequence[str]) -> str | None:
    """The period within which an item must lie to be whole in every slice; None where no rollup has such a period."""
    periods = [period for period in _PERIODS if period in by]
    if "day" in periods:
        return "day"
    return None if len(periods) > 1 else next(iter(periods), "span")


def is_last(filters: Filters, by: Sequence[str]) -> str:
    """The condition on `next_day` that a decision counts: the last within the window and the slice, or every one."""
    if filters.repeats == "all":
        return "true"
    period = period_of(by)
    last = ["next_day is null", "next_day > $until"]
    last += ["next_day > day"] if period == "day" else []
    last += [
        f"date_trunc('{unit}', next_day) > date_trunc('{unit}', day)"
        for unit in ("week", "month")
        if period in (unit, None)
    ]
    return f"({' or '.join(last)})"


def parameters(filters: Filters, by: Sequence[str]) -> dict[str, Any]:
    """The values that pieces need beside those of the filters: the period, and its first and last day in the window."""
    since, until, period = filters.since, filters.until, period_of(by) or "none"
    weeks = (
        since and since + timedelta(days=-since.weekday() % 7),
        until and until - timedelta(days=(until.weekday() + 1) % 7),
    )
    months = (
        since and ((since - timedelta(days=1)).replace(day=1) + timedelta(days=31)).replace(day=1),
        until and (until + timedelta(days=1)).replace(day=1) - timedelta(days=1),
    )
    whole = {"week": weeks, "month": months}.get(period, (since, until))
    return {
        "period": period,
        "first_whole": whole[0],
        "last_whole": whole[1],
        "first_whole_week": weeks[0],
        "last_whole_week": weeks[1],
        "first_whole_month": months[0],
        "last_whole_month": months[1],
    }
