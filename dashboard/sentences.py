"""What the numbers say, as sentences: for the top of a page and for what needs attention."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import polars as pl

from dashboard import theme
from metrics.catalogue import CATALOGUE
from metrics.estimate import Estimate
from metrics.reading import reading as together
from metrics.taxonomy import Taxonomy

Row = Mapping[str, Any]


def counted(n: int, noun: str) -> str:
    """A number of things: `1 item`, `3,901 items`."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def plain(text: str) -> str:
    """A name from the log with every sign escaped that would be taken for formatting."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~:$])", r"\\\1", text)


def value_with_interval(estimate: Row, unit: str) -> str:
    """A number with its interval in brackets: `93.2 % (92.8 to 93.6)`."""
    ends = theme.interval(estimate["low"], estimate["high"], unit, estimate["n"])
    return theme.number(estimate["value"], unit, estimate["n"]) + (f" ({ends})" if ends else "")


def headline(estimates: Mapping[str, Row]) -> str:
    """The one sentence of Today."""
    accuracy, alpha = estimates["accuracy"], estimates["krippendorff_alpha"]
    if accuracy["value"] is None:
        right = f"How often reviewers are right is unknown: {accuracy['note']}"
    else:
        unit = CATALOGUE["accuracy"].unit
        right = (
            f"Reviewers gave the gold label in **{value_with_interval(accuracy, unit)}** of {accuracy['n']:,} answers"
        )
    if alpha["value"] is None:
        return f"{right}. How far they agree is unknown: {alpha['note']}."
    agree = value_with_interval(alpha, CATALOGUE["krippendorff_alpha"].unit)
    return f"{right}. They agree with each other at **alpha {agree}**, where 0 is chance and 1 is perfect."


def freshness(span: Row) -> str:
    """Until when the data reach, and how much there is."""
    size = counted(span["reviews"], "review")
    size += "" if span["items"] is None else f" of {counted(span['items'], 'item')}"
    size += "" if span["reviewers"] is None else f" by {counted(span['reviewers'], 'reviewer')}"
    if span["reviews"] == 0:
        return "There is no review to show: load some, or widen the filters."
    if span["last_decided_at"] is None:
        return f"{size}. This log has no times, so nothing is shown over time."
    # Without the reviews only the day is known.
    moment = "%d %b %Y %H:%M UTC" if isinstance(span["last_decided_at"], datetime) else "%d %b %Y"
    return f"{size}. Data to {span['last_decided_at']:{moment}}."


def withheld(slices: pl.DataFrame) -> str:
    """How many slices have no value, and why the first one has none; empty when all have one."""
    missing = slices.filter(pl.col("value").is_null())
    return f"{missing.height} without a value ({missing['note'][0]})" if missing.height else ""


def accuracy(overall: Row, over: Row, under: Row) -> str:
    """How right reviewers are and which way they err."""
    said = [f"**{value_with_interval(overall, 'share')}** of {overall['n']:,} answers on gold are right."]
    for error, does in (
        (over, "Content that is fine is taken for violating in"),
        (under, "Violating content is let through in"),
    ):
        if error["value"] is not None:
            said.append(f"{does} **{value_with_interval(error, 'share')}** of {error['n']:,} answers.")
    if over["value"] is None and under["value"] is None:
        said.append(f"Which way the others err is not known: {over['note']}.")
    return " ".join(said)


def aggregation(found: Mapping[str, Mapping[str, Any]]) -> str:
    """How the pooled labels came about: ties, and whether the fit converged, where there is one."""
    majority, fitted = found["majority"], found.get("dawid-skene")
    voted = f"One label per item, against gold · {majority['ties']:,} ties of {majority['items']:,} items in the vote"
    if fitted is None:
        return voted
    end = f"{'converged' if fitted['converged'] else 'NOT converged'} after {fitted['iterations']:,} rounds"
    return f"{voted} · Dawid–Skene {end}"


def forgotten(before: date) -> str:
    """What is left of days whose rows were forgotten."""
    return (
        f"The rows of before {before} were forgotten: numbers stand, cases do not. Cases begin on that day, and so do "
        "the checks of Data health and what only rows can tell."
    )


def cases(items: int) -> str:
    """How many cases there are, and in which order."""
    return (
        f"**{counted(items, 'item')}** for the choice above, the most evenly split first. "
        "Share this page's link to share them."
    )


def case(item: Row) -> str:
    """One item in a sentence."""
    gold = f"Gold says **{plain(item['gold_label'])}**." if item["gold_label"] is not None else "It has no gold label."
    where = f" Policy {plain(item['policy'])}." if item["policy"] is not None else ""
    return f"{counted(item['reviews'], 'review')}: **{plain(item['labels'])}**. {gold}{where}"


def loaded(health: Mapping[str, pl.DataFrame]) -> str:
    """Whether everything landed."""
    loads = health["loads"]
    off = f"{counted(health['features_off'].height, 'feature')} off for want of a column or table"
    if loads.is_empty():
        return f"Nothing is loaded; {off}."
    quarantined = _quarantined(health)
    lost = f"**{counted(quarantined, 'row')} in quarantine**" if quarantined else "none in quarantine"
    return f"{loads['rows_read'].sum():,} rows were read in {counted(loads.height, 'load')}; {lost}; {off}."


def faults(health: Mapping[str, pl.DataFrame]) -> list[str]:
    """What about the log itself needs attention."""
    quarantined = _quarantined(health)
    return [f"{counted(quarantined, 'row')} in quarantine, counted nowhere: see Data health."] if quarantined else []


def _quarantined(health: Mapping[str, pl.DataFrame]) -> int:
    return int(health["loads"]["quarantined"].sum())


def taxonomy(labels: Taxonomy) -> str:
    """What is known about the labels."""
    order = "ordered" if labels.values is not None else "without a known order, so only nominal statistics exist"
    known = "declared" if labels.declared else "only those seen in the log: load a `labels` table to declare them"
    violating = (
        f"violating: {plain(', '.join(sorted(labels.violating))) or 'none'}"
        if labels.violating is not None
        else "nobody declared which labels violate"
    )
    return f"{len(labels.labels)} labels, {known}; {order}; {violating}."


def repeats(rule: str) -> str:
    """Which of several decisions by one reviewer on one item count."""
    if rule == "last":
        return "Of several decisions by one reviewer on one item, the last counts (`repeats = last` in workspace.toml)."
    return "Of several decisions by one reviewer on one item, all count (`repeats = all` in workspace.toml)."


def reading(coefficients: Mapping[str, Row]) -> str:
    """What the coefficients of agreement say together."""
    return together(
        agreement=Estimate(**coefficients["percent_agreement"]),
        alpha=Estimate(**coefficients["krippendorff_alpha"]),
        ac1=Estimate(**coefficients["gwet_ac1"]),
        positive=Estimate(**coefficients["positive_agreement"]),
        negative=Estimate(**coefficients["negative_agreement"]),
        prevalence=Estimate(**coefficients["prevalence_index"]),
    )


def interval_for(others: str, estimate: Row) -> str:
    """An interval with the question it answers: how far the number would move with other items, or other reviewers."""
    ends = theme.interval(estimate["low"], estimate["high"], "coefficient", estimate["n"])
    return f"{ends} with {others}" if ends else f"with {others}: {estimate['note']}"


def calm(dimension: str | None) -> str:
    """What stands where nothing needs attention."""
    return f"No {'slice' if dimension else 'number'} stands out beyond what chance would show."


def plural(dimension: str) -> str:
    """The word for several of a dimension."""
    return "policies" if dimension == "policy" else f"{dimension}s"
