"""What audits and appeals say, for the page on accuracy: charts made ready, and the section that they stand in."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import polars as pl
import streamlit as st

from dashboard import components, figures, navigation, render, results, theme
from dashboard.charts.audits import HOW
from dashboard.sentences import counted, value_with_interval
from metrics.audit_tables import NO_DESIGN
from metrics.auditors import what_if
from metrics.catalogue import CATALOGUE
from metrics.estimate import Estimate

Row = Mapping[str, Any]
WEIGHTED = ("audit_accuracy", "audit_precision", "audit_recall", "audit_prevalence")
NAIVE = tuple(f"naive_{name}" for name in WEIGHTED)
OF_AUDITORS = (
    *("auditor_agreement", "auditor_sensitivity", "auditor_specificity"),
    *("corrected_audit_accuracy", "corrected_audit_prevalence"),
)
VERDICTS = tuple(percent / 100 for percent in range(85, 101))
"""How right auditors' verdicts are taken to be."""


def section(by: str | None) -> None:
    """What audits say of all decisions, how far they can be believed, and what became of appeals."""
    st.subheader("From audits", anchor=False)
    numbers = {name: results.estimate(name) for name in (*WEIGHTED, *NAIVE, *OF_AUDITORS)}
    accuracy = numbers["audit_accuracy"]
    if accuracy["n"] == 0:
        components.empty("No audits", "No decision that passes the filters was audited. Load an `audits` table.")
    else:
        st.markdown(sentence(accuracy, numbers["naive_audit_accuracy"]))
        with st.grid(len(WEIGHTED), min_column_width=150):
            for name in WEIGHTED:
                components.card(CATALOGUE[name], numbers[name], *beside(numbers[name]))
        left, right = st.columns(2)
        with left:
            render.show(side_by_side(numbers, sql=results.sql("audits")), key="audited")
            render.show(assumed(accuracy, sql=results.sql("audits")), key="assumed_auditors")
        with right:
            if by:
                _sliced("audit_accuracy", by, accuracy)
        _auditors({name: numbers[name] for name in OF_AUDITORS})
    _appeals(by)


def _auditors(numbers: Mapping[str, Row]) -> None:
    if numbers["auditor_agreement"]["n"] == 0:
        st.caption("No decision was audited by two auditors, so how right auditors are is not known.")
        return
    st.markdown("**The auditors themselves**, from decisions that two of them audited blind")
    components.cards(numbers)


def _appeals(by: str | None) -> None:
    overturned = results.estimate("overturn_rate")
    if overturned["n"] == 0:
        return
    st.subheader("Appeals", anchor=False)
    st.markdown(
        f"**{value_with_interval(overturned, 'share')}** of {counted(overturned['n'], 'decided appeal')} changed the "
        "decision. Who appeals is no sample: mostly decisions to enforce are appealed against, wrong ones more often "
        "than right ones. So this says where to look, and not how often decisions are right."
    )
    if by:
        _sliced("overturn_rate", by, overturned)


def _sliced(name: str, by: str, overall: Row) -> None:
    chart = figures.slices(name, results.estimates(name, by), overall, dimension=by, sql=results.sql(name, by))
    if is_unknown(overall):
        chart = replace(chart, caption=f"design unknown · {chart.caption}")
    render.show(chart, key=f"{name}_by_{by}", on_pick=navigation.open_cases)


def is_unknown(estimate: Row) -> bool:
    """Whether nobody knows how the audits were drawn."""
    return NO_DESIGN in str(estimate["note"])


def sentence(accuracy: Row, naive: Row) -> str:
    """How right decisions are as far as audits tell, and what simply counting them would say."""
    audits = counted(accuracy["n"], "audit")
    if is_unknown(accuracy):
        return (
            f":orange[**Design unknown.**] {audits} tell no inclusion probability, so all count alike: "
            f"{value_with_interval(accuracy, 'share')} agree with the decision. How often all decisions are right, "
            "they do not tell."
        )
    return (
        f"**{value_with_interval(accuracy, 'share')}** of all decisions are right as far as {audits} tell, each "
        f"weighed by how it was drawn. Naively counted alike, they would say {value_with_interval(naive, 'share')}."
    )


def beside(estimate: Row) -> tuple[str, ...]:
    """What stands under a number: its interval, and as many audits of equal weight and naively what."""
    interval = theme.interval(estimate["low"], estimate["high"], "share", estimate["n"])
    return (interval, estimate["note"]) if estimate["value"] is not None else (interval,)


def side_by_side(numbers: Mapping[str, Row], *, sql: str) -> render.Chart:
    """Each metric of audits, weighted and naive; where no design is known, the chart says so across itself."""
    frame = pl.DataFrame(
        [
            {"title": CATALOGUE[name].title, "how": how, **numbers[of]}
            for name in WEIGHTED
            for how, of in zip(HOW, (name, f"naive_{name}"), strict=True)
        ],
        infer_schema_length=None,
    )
    unknown = is_unknown(numbers["audit_accuracy"])
    return render.Chart(
        template="weighted_and_naive",
        frames={"data": frame, "reference": pl.DataFrame({"text": ["design unknown"] if unknown else []})},
        title="Weighted and naive",
        caption="95 % interval · weighted: all decisions; naive: every audit alike, as if drawn alike",
        alt="; ".join(
            f"{row['title']}, {row['how']}: {value_with_interval(row, 'share')}" for row in frame.iter_rows(named=True)
        ),
        sql=sql,
    )


def assumed(accuracy: Row, *, sql: str) -> render.Chart:
    """Audited accuracy by how right the auditors' verdicts are taken to be."""
    audited = Estimate(**accuracy)
    rows = [{"auditor": right, **asdict(what_if(audited, auditor=right))} for right in VERDICTS]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    worse = what_if(audited, auditor=0.97)
    return render.Chart(
        template="what_if",
        frames={"data": frame, "reference": pl.DataFrame({"value": [audited.value]}).drop_nulls()},
        title="What if auditors err?",
        caption="Audited accuracy if so many of their verdicts were right · dashed: if all were",
        alt=f"If 97 % of auditors' verdicts were right: {value_with_interval(asdict(worse), 'share')}.",
        sql=sql,
    )
