"""What is said of a model beside people, in words."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import theme
from dashboard.sentences import counted, plain, value_with_interval
from metrics.options import Reference

Row = Mapping[str, Any]

RIGHT: dict[Reference, str] = {
    "consensus": "the label that most reviewers gave",
    "gold": "the gold label",
    "audits": "the auditor's label",
}
"""What is right, by the reference."""


def finding(model: str, agreement: Row, less: Row, reference: Reference) -> str:
    """How often a model is right, and whether that is more or less than a reviewer of the same items."""
    name = plain(model)
    if agreement["value"] is None:
        return f"How often **{name}** gives {RIGHT[reference]} is unknown: {agreement['note']}."
    said = (
        f"**{name}** gives {RIGHT[reference]} in **{value_with_interval(agreement, 'share')}** of "
        f"{counted(agreement['n'], 'item')}."
    )
    if reference == "audits":
        return said
    if less["value"] is None:
        return f"{said} How that compares with a reviewer is unknown: {less['note']}."
    items, more = counted(less["n"], "item"), difference(less)
    if reference == "gold":
        return f"{said} On {items} that people decided too, it is right {more} than a reviewer."
    return f"{said} On {items} with several reviews, it agrees with a reviewer {more} than another reviewer does."


def difference(estimate: Row) -> str:
    """A difference of shares as `1.2 points less often (0.3 to 2.1)`; undecided where its interval holds 0."""
    value, low, high = estimate["value"], estimate["low"], estimate["high"]
    sign = 1 if value >= 0 else -1
    least, most = (None, None) if low is None else sorted((sign * low, sign * high))
    ends = theme.interval(least, most, "share", estimate["n"])
    between = f" ({ends})" if ends else ""
    size = theme.number(abs(value), "share", estimate["n"]).removesuffix(" %")
    unsure = ", which may be luck," if least is not None and least <= 0 else ""
    return f"{size} points {'more' if sign > 0 else 'less'} often{between}{unsure}"


def change(row: Row) -> str:
    """What one version changed, on the items that the one before answered too."""
    versions = f"**{plain(row['version'])}** against {plain(row['before'])}"
    if row["value"] is None:
        return f"{versions}: unknown, as {row['note']}."
    if row["value"] == 0 and row["low"] is None:
        return f"{versions}: no difference on {counted(row['n'], 'item')} that both answered."
    return f"{versions}: right {difference(row)} on {counted(row['n'], 'item')} that both answered."


def anchored(lift: Row) -> str:
    """Whether the answer is followed because it is seen."""
    if lift["value"] is None:
        return f"Whether reviewers follow the model's answer when they see it is unknown: {lift['note']}."
    return (
        f"With the model's answer on the screen, reviews agree with it **{difference(lift)}** than without, on content "
        "of the same policy, language and stage. It is the effect of seeing it only where chance decides who sees it."
    )


def verdicts(rates: pl.DataFrame, advantages: pl.DataFrame, *, by: str) -> pl.DataFrame:
    """In each slice, or in all, whether the model may replace a second reviewer, why, and how near it comes."""
    told = [note.partition(": ") for note in rates["note"]]
    close = [value_with_interval(row, "share") for row in advantages.iter_rows(named=True)]
    named = {
        by: rates[by].to_list() if by in rates.columns else ["all"] * rates.height,
        "may it?": [answer.capitalize() for answer, _, _ in told],
        "as close as a reviewer": close,
        "because": [why for _, _, why in told],
    }
    return pl.DataFrame(named, schema=dict.fromkeys(named, pl.String))
