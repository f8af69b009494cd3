"""Charts made ready for a page: the frame in the order and words that are drawn, its title, caption and finding."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import findings, sentences, theme
from dashboard.render import Chart
from metrics.catalogue import CATALOGUE

MOST_ROWS = 40
"""A chart of more categories could not be read; the CSV has them all."""
EVENTS_MARKED = " · dotted: something happened; point at its head"
_IN_ORDER = ("label", "reviewer", "handle_time")
_ORDINARY = {"share": "shares"} | dict.fromkeys(("coefficient", "index", "cost", "z"), "coefficients")


def slices(name: str, frame: pl.DataFrame, overall: Mapping[str, Any] | None, *, dimension: str, sql: str) -> Chart:
    """A metric per policy, queue, label or reviewer: dots with intervals against the overall value.

    Policies and their like come lowest first, where a look pays most; labels, times and reviewers in their own order,
    since people are not ranked.
    Of very many, those with the largest n are drawn.
    """
    metric = CATALOGUE[name]
    drawn = frame.with_row_index("place").sort("n", descending=True).head(MOST_ROWS)
    drawn = drawn.sort("place" if dimension in _IN_ORDER else "value", nulls_last=True).drop("place")
    line = overall["value"] if overall else None
    caption = (
        "95 % interval"
        + (" · hollow: none can be given" if drawn["low"].null_count() > drawn["value"].null_count() else ""),
        f"dashed: overall {theme.FORMATS[metric.unit].text(line)}" if line is not None else "",
        f"the {MOST_ROWS} with the largest n of {frame.height:,}" if frame.height > MOST_ROWS else "",
        sentences.withheld(drawn),
    )
    return Chart(
        template=f"{dimension}_{_ORDINARY[metric.unit]}",
        frames={"data": drawn, "reference": _line(line)},
        title=f"{metric.title} by {dimension.replace('_', ' ')}",
        caption=" · ".join(part for part in caption if part),
        alt=f"{metric.title} by {dimension}. {findings.of_slices(drawn, dimension, metric.unit)}",
        sql=sql,
        table=frame,
    )


def coefficients(named: Mapping[str, Mapping[str, Any]], *, sql: str) -> Chart:
    """Several metrics side by side on one axis from -1 to 1."""
    frame = pl.DataFrame(
        [{"title": CATALOGUE[name].title, **row} for name, row in named.items()], infer_schema_length=None
    )
    unknown = f" · {missing}" if (missing := sentences.withheld(frame)) else ""
    return Chart(
        template="coefficients",
        frames={"data": frame, "reference": _line(0.0)},
        title="Coefficients side by side",
        caption="95 % interval · hollow: none can be given · dashed: 0, agreement by chance" + unknown,
        alt="; ".join(
            f"{CATALOGUE[name].title} {sentences.value_with_interval(row, 'coefficient')}"
            for name, row in named.items()
        ),
        sql=sql,
    )


def confusion(frame: pl.DataFrame, *, sql: str) -> Chart:
    """Gold labels by given labels, each row as shares of the answers on that gold label."""
    return _labels(
        "confusion",
        frame.drop_nulls("share"),
        axes=("gold_label", "label"),
        words=(
            "Where answers go",
            "Share of the answers on each gold label · green is right · click a cell for its cases",
        ),
        sql=sql,
    )


def confused(frame: pl.DataFrame, *, sql: str) -> Chart:
    """Label by label: when one reviewer of an item says this, what another says."""
    known = frame.drop_nulls("share")
    return _labels(
        "confused_with",
        known.with_columns(texts(known["chance"], "share").alias("chance_text")),
        axes=("label_a", "label_b"),
        words=(
            "Which labels are confused",
            "When one says the row, how often another says the column · point for chance, click for cases",
        ),
        sql=sql,
    )


def _labels(template: str, frame: pl.DataFrame, *, axes: tuple[str, str], words: tuple[str, str], sql: str) -> Chart:
    row, column = axes
    drawn = frame.with_columns(
        texts(frame["share"], "share"), shade=pl.col("share"), is_agreement=pl.col(row) == pl.col(column)
    )
    return Chart(
        template=template,
        frames={"data": drawn},
        title=words[0],
        caption=words[1],
        alt=f"{words[0]}. {findings.of_cells(drawn, row, column)}",
        sql=sql,
        table=frame,
    )


def pairs(frame: pl.DataFrame, *, caption: str, sql: str) -> Chart:
    """Every pair of reviewers: kappa in the cell, n and interval when pointed at."""
    ends = frame.select("low", "high", "n").iter_rows()
    kappa = pl.col("cohen_kappa").fill_null(0.0)
    drawn = frame.with_columns(
        texts(frame["cohen_kappa"], "coefficient"),
        pl.Series("interval", [theme.interval(low, high, "coefficient", n) for low, high, n in ends], dtype=pl.String),
        shade=kappa,
        is_agreement=kappa >= 0,
    )
    return Chart(
        template="pairs",
        frames={"data": drawn},
        title="Who agrees with whom",
        caption=caption,
        alt=f"Cohen's kappa of every pair of reviewers. {findings.of_pairs(frame)}",
        sql=sql,
        table=frame,
    )


def aggregation(single: Mapping[str, Any], found: Mapping[str, Mapping[str, Any]], *, sql: str) -> Chart:
    """What one label per item, found from several reviewers, gains over a single answer."""
    rows = {"single answers": single} | {method: summary["accuracy"] for method, summary in found.items()}
    fields = ("value", "low", "high", "n")
    frame = pl.DataFrame(
        [{"method": method, "note": ""} | {field: row[field] for field in fields} for method, row in rows.items()],
        infer_schema_length=None,
    )
    return Chart(
        template="method_shares",
        frames={"data": frame, "reference": _line(single["value"])},
        title="What pooling reviewers gains",
        caption=sentences.aggregation(found),
        alt=f"Accuracy against gold by method. {findings.of_slices(frame, 'method', 'share')}",
        sql=sql,
    )


def volume(days: pl.DataFrame, *, happened: pl.DataFrame, sql: str) -> Chart:
    """Reviews per day."""
    drawn = days.select("day", "reviews")
    return Chart(
        template="volume",
        frames={"data": drawn, "events": happened},
        title="Reviews per day",
        caption="UTC days" + EVENTS_MARKED * (not happened.is_empty()),
        alt=findings.of_volume(drawn),
        sql=sql,
    )


def trend(name: str, frame: pl.DataFrame, overall: Mapping[str, Any], *, happened: pl.DataFrame, sql: str) -> Chart:
    """A metric per week, with intervals; weeks begin on Monday, and the first and last may be partial."""
    metric = CATALOGUE[name]
    drawn = frame.rename({"week": "period"}).sort("period")
    return Chart(
        template=f"{_ORDINARY[metric.unit]}_over_time",
        frames={"data": drawn, "reference": _line(overall["value"]), "events": happened},
        title=f"{metric.title} by week",
        caption="95 % interval · weeks begin on Monday; the first and last may be partial"
        + EVENTS_MARKED * (not happened.is_empty()),
        alt=f"{metric.title} by week. {findings.of_slices(drawn, 'period', metric.unit)}",
        sql=sql,
    )


def _line(value: float | None) -> pl.DataFrame:
    """The dataset of the dashed line: one value, or nothing."""
    return pl.DataFrame({"value": [value]}, schema={"value": pl.Float64}).drop_nulls()


def texts(values: pl.Series, unit: str) -> pl.Series:
    """Numbers as they are written in cells: short, and a dash for what is unknown."""
    written = ["–" if value is None else theme.FORMATS[unit].text(value, coarse=True) for value in values]
    return pl.Series("text", written, dtype=pl.String)
