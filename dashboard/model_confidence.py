"""The Confidence tab of Model: whether its scores are probabilities to be trusted, and what would mend them."""

from dataclasses import asdict
from typing import Any

import polars as pl
import streamlit as st

from dashboard import cache, components, figures, navigation, reach, render, results, sentences, session
from dashboard.charts.confidence import LINES
from dashboard.measure import OF_MODELS
from metrics.options import Options
from metrics.recalibration import Recalibration

CARDS = ("brier_score", "expected_calibration_error", "auc", "calibration_slope", "log_loss")

CAVEATS = {
    "gold": "Gold is no sample of content: where more of it violates, scores look too low here.",
    "consensus": "People err too: against single reviews, scores look more extreme than they are.",
}


def section() -> None:
    """All of the tab."""
    numbers = {name: results.estimate(name) for name in CARDS}
    slope = numbers["calibration_slope"]
    if not slope["n"]:
        components.empty(
            "No score to judge",
            "Load predictions with a `score` from 0 to 1 for items whose outcome is known by the reference above, and "
            "a `labels` table that says which labels violate.",
        )
        return
    _heading(numbers)
    told = _told("confidence")
    left, right = st.columns(2)
    with left:
        render.show(_reliability(told, numbers, sql=results.sql("brier_score")), key="reliability", on_pick=_open_cases)
    with right:
        _recalibration(told["recalibration"])
        if by := session.compared():
            slices, sql = results.estimates("calibration_slope", by), results.sql("calibration_slope", by)
            chart = figures.slices("calibration_slope", slices, slope, dimension=by, sql=sql)
            render.show(chart, key=f"slope_by_{by}", on_pick=navigation.open_cases)
    # Gold is no sample of content, so nothing follows from it for all of it.
    if session.reference() != "gold":
        _few_labels(_told("few_labels"))


def _few_labels(told: dict[str, Any]) -> None:
    """What labels and scores say of all content together, beside the labels alone and the model's own word."""
    with st.container(border=True, key="few_labels"):
        st.markdown("**All scored content, from few labels**")
        st.caption(
            "Labels correct the scores of everything, tenth by tenth (prediction-powered inference): fair where the "
            "labelled items are a fair sample of all with such scores."
        )
        rows = []
        for name, title in (("prevalence", "share that violates"), ("accuracy", "share on which the model is right")):
            few = told[name]
            written = [sentences.value_with_interval(asdict(each), "share") for each in (few.powered, few.labels_only)]
            said = "–" if few.model_only is None else f"{few.model_only:.1%}"
            rows.append((title, *written, said, few.powered.n))
        columns = ["of all content", "labels and scores", "labels alone", "the model's own word", "labels"]
        components.table(pl.DataFrame(rows, schema=columns, orient="row"), alt="What few labels say of all content")
        st.markdown(f"Early warning only: {told['claim'].sentence}")


def _heading(numbers: dict[str, dict[str, Any]]) -> None:
    """The finding in a sentence, what must be known of it, and the numbers."""
    slope = numbers["calibration_slope"]
    st.markdown(finding(session.model() or "", slope))
    if slope["note"]:
        st.caption(f"{slope['note'][:1].upper()}{slope['note'][1:]}.")
    if caveat := CAVEATS.get(session.reference()):
        st.caption(caveat)
    components.cards(numbers)


def _told(name: str) -> dict[str, Any]:
    """See `model_answers.confidence` and `few_labels`."""
    reach.check(OF_MODELS[session.reference()])
    options = Options(reference=session.reference())
    found: dict[str, Any] = cache.told(*session.keyed(), name, session.model_filters(), options)
    return found


def finding(model: str, slope: dict[str, Any]) -> str:
    """Whether scores are too extreme, too timid, or as they should be as far as can be told."""
    if slope["value"] is None:
        return f"Whether the scores of **{sentences.plain(model)}** can be trusted is unknown: {slope['note']}."
    span = f"slope {slope['value']:.2f} ({slope['low']:.2f} to {slope['high']:.2f}), 1 is right"
    if slope["high"] < 1:
        return f"The scores of **{sentences.plain(model)}** are **too extreme**: {span}."
    if slope["low"] > 1:
        return f"The scores of **{sentences.plain(model)}** are **too timid**: {span}."
    return (
        f"The scores of **{sentences.plain(model)}** are neither too extreme nor too timid, as far as is known: {span}."
    )


def _reliability(told: dict[str, Any], numbers: dict[str, Any], *, sql: str) -> render.Chart:
    table: pl.DataFrame = told["table"].rename({"from": "score_from", "to": "score_to"})
    pooled: pl.DataFrame = told["pooled"].with_columns(line=pl.lit(LINES[1]))
    diagonal = pl.DataFrame({"score": [0.0, 1.0], "violating": [0.0, 1.0]}).with_columns(line=pl.lit(LINES[0]))
    parts = told["parts"]
    return render.Chart(
        template="reliability",
        frames={"data": table, "reference": pl.concat([diagonal, pooled])},
        title="Do scores mean what they say?",
        caption=f"Tenths of the score, 95 % interval · Brier score without bins: miscalibration "
        f"{parts.miscalibration:.4f} − discrimination {parts.discrimination:.4f} + uncertainty {parts.uncertainty:.4f}",
        alt="; ".join(f"score {row['score']:.2f}: {row['value']:.0%} violate" for row in table.iter_rows(named=True))
        + f". Expected calibration error {numbers['expected_calibration_error']['value'] or 0:.3f}.",
        sql=sql,
    )


def _recalibration(found: Recalibration) -> None:
    with st.container(border=True, key="recalibration"):
        st.markdown("**Would other scores be better?**")
        if found.method is None:
            st.markdown("No recalibration is needed: none surely lowers the Brier score on items it was not fitted to.")
        else:
            gain = found.gains.row(by_predicate=pl.col("method") == found.method, named=True)
            st.markdown(
                f"**{found.method}** lowers the Brier score by {gain['value']:.4f} ({gain['low']:.4f} to "
                f"{gain['high']:.4f}) on items that it was not fitted to."
            )
            render.download_table("Score by score (CSV)", lambda: found.table, name="recalibrated")
        shown = found.gains.with_columns(pl.col("value", "low", "high").round(5)).rename({"value": "gain"})
        components.table(shown, alt="The gain in Brier score of each method, out of sample")


def _open_cases(picked: dict[str, Any]) -> None:
    """The cases of a tenth of the score."""
    ends = {"score_from": picked["score_from"], "score_to": picked["score_to"]}
    navigation.open_cases({name: f"{float(value):.2f}" for name, value in ends.items()})
