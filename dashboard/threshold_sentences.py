"""What is said of thresholds, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard.sentences import counted, plain, value_with_interval
from dashboard.theme import FORMATS, interval, number
from metrics.estimate import Estimate
from metrics.options import Reference
from metrics.routing import Routed, Zone

_LABELLED: dict[Reference, str] = {
    "consensus": "items on which most reviewers agreed; where that is one review, their error counts as the model's",
    "gold": "gold items: the promise holds for content that is like gold, and no further",
    "audits": "audited decisions, each for as many as it stands for",
}


def finding(model: str, found: pl.DataFrame, *, alpha: float, delta: float) -> str:
    """How many thresholds can be promised, and what the promise is."""
    kept, others = found.drop_nulls("threshold").height, found.filter(pl.col("threshold").is_null())
    few, often = others.drop_nulls("needed").height, others["needed"].null_count()
    said = f"For **{plain(model)}**, **{kept} of {counted(found.height, 'threshold')}** can be promised:"
    most, sure = FORMATS["share"].text(alpha, coarse=True), FORMATS["share"].text(1 - delta, coarse=True)
    return (
        f"{said} at most {most} of what it removes, or keeps, beyond the threshold is wrong. Those of removal hold all "
        f"at once with {sure} certainty, and so do those of keeping."
        + f" Of the others, {few:,} have too few labels, and {often:,} err too often."
        * (few + often > 0)
    )


def population(reference: Reference) -> str:
    """Of which content a promise speaks."""
    return (
        f"Known from {_LABELLED[reference]}. Promises speak of content that these are a fair sample of, and of the "
        "model as it was; watch Drift. The chance of error is shared by all hundredths of the score and by all slices "
        "with enough labels."
    )


def table(found: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The promises to read, those that can be given first."""
    rows = found.sort(pl.col("threshold").is_null(), maintain_order=True).to_dicts()
    named = {dimension: [row[dimension] for row in rows] for dimension in by} | {
        "the model may": [_decision(row) for row in rows],
        "wrong among the labels": [number(row["rate"], "share", row["n"]) for row in rows],
        "promised at most": [number(row["bound"], "share", row["n"]) for row in rows],
        "decides alone": [number(row["decided"], "share", row["labels"]) for row in rows],
        "labels": [row["n"] or row["labels"] for row in rows],
        "note": [row["note"].removeprefix("no threshold can be promised: ") for row in rows],
    }
    return pl.DataFrame(named)


def risk(area: Estimate, everything: Mapping[str, Any]) -> str:
    """What the curve says."""
    if area.value is None:
        return f"How often it would be wrong is unknown: {area.note}."
    ends = interval(area.low, area.high, "share", area.n)
    mean = number(area.value, "share", area.n) + (f" ({ends})" if ends else "")
    return (
        f"Deciding everything at a score of a half, it is wrong in **{value_with_interval(everything, 'share')}** of "
        f"{counted(area.n, 'item')}; on average over all shares that it might decide, the surest first, in **{mean}**."
    )


def routed(made: Routed, whole: int) -> str:
    """What two thresholds make of all items."""
    alone = FORMATS["share"].text(1 - made.human)
    hours = (
        "How many hours that saves is unknown: answers have no handle time."
        if made.hours is None
        else f"That saves people **{made.hours:,.0f} hours**, at the median time of an answer to gold in each policy "
        "and one review an item."
    )
    harm = f"harm is unknown: {made.harm.note}" if made.harm.value is None else f"**harm {_amount(made.harm)}**"
    return f"The model decides **{alone}** of {counted(whole, 'item')} alone. {hours} By the cost table, {harm}."


def zone(found: Zone) -> tuple[str, ...]:
    """What a zone holds, one fact a line."""
    if found.rate.value is None:
        return f"{found.items:,} items", f"errors unknown: {found.rate.note}"
    wrong = f"{_amount(found.errors)} wrong"
    rate = number(found.rate.value, "share", found.rate.n)
    note = f"; {found.rate.note}" if found.rate.note else ""
    return f"{found.items:,} items", wrong, f"{rate} of {counted(found.rate.n, 'label')}{note}"


def _decision(row: Mapping[str, Any]) -> str:
    if row["threshold"] is None:
        return "not remove alone" if row["error"] == "removal" else "not keep alone"
    at = FORMATS["z"].text(row["threshold"])
    return f"remove from {at} on" if row["error"] == "removal" else f"keep below {at}"


def _amount(of: Estimate) -> str:
    """A number of things with its interval."""
    ends = "" if of.low is None or of.high is None else f" ({of.low:,.0f} to {of.high:,.0f})"
    return f"{of.value:,.0f}{ends}"
