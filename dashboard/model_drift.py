"""The Drift tab of Model: agreement within its limits, when it changed, and scores of late beside earlier ones."""

from collections.abc import Mapping
from functools import partial

import polars as pl
import streamlit as st

from dashboard import cache, components, drift_sentences, events, navigation, reach, render, results, session
from dashboard.charts.drift import STATES
from dashboard.drift_answers import UNITS, Drifts, Period
from dashboard.measure import OF_MODELS
from metrics.catalogue import CATALOGUE
from metrics.drift_series import Watch
from metrics.model_series import EVERYTHING
from metrics.options import Options

PERIODS: tuple[Period, ...] = ("day", "week")
TEMPLATES = {"share": "control_shares", "coefficient": "control_coefficients"}


def section() -> None:
    """All of the tab."""
    if not session.windows():
        components.empty("No times", "Drift needs to know when decisions were made: load reviews with `decided_at`.")
        return
    by = session.compared()
    with st.container(horizontal=True, vertical_alignment="bottom", key="drift_choice"):
        period: Period = st.segmented_control(
            "By", PERIODS, default="day", required=True, key="drift_period", bind="query-params"
        )
        found = _found(by, period)
        part = _slice(found, by)
    st.markdown(drift_sentences.finding(found))
    st.caption(drift_sentences.RULES)
    components.points(drift_sentences.changes(found, by), otherwise="No lasting change of the agreement was found.")
    for name in UNITS:
        watch = found.watches.get((part, name))
        if watch is not None:
            render.show(_series(watch, name, period, part), key=f"drift_{name}", on_pick=partial(_open_cases, by, part))
    _distributions(found, by, part)


def _found(by: str | None, period: Period) -> Drifts:
    for question in (OF_MODELS[session.reference()], "model_scores"):
        reach.check(question, (by, period) if by else (period,))
    chosen, options = session.model_filters(), Options(reference=session.reference())
    return cache.drifted(*session.keyed(), chosen, options, by=by, period=period)


def _slice(found: Drifts, by: str | None) -> str:
    """Which slice is drawn; those with signals are said to have some."""
    parts = list(dict.fromkeys(part for part, _ in found.watches)) or [EVERYTHING]
    signals = {part: drift_sentences.signals_of(found, part) for part in parts}
    chosen: str = st.selectbox(
        (by or "slice").replace("_", " ").capitalize(),
        parts,
        key="drift_slice",
        format_func=lambda part: f"{part} · {signals[part]} signals" if signals[part] else part,
        width=280,
    )
    return chosen


def _series(watch: Watch, name: str, period: Period, part: str) -> render.Chart:
    """A metric by day or week with its limits, its changes, and what happened meanwhile."""
    unit, title = UNITS[name], CATALOGUE[name].title
    signal = pl.when("is_signal").then(pl.lit(STATES[1])).otherwise(pl.lit(STATES[0]))
    last = pl.col("period").dt.offset_by("6d" if period == "week" else "0d")
    drawn = watch.points.with_columns(
        since=pl.col("period").dt.to_string("%Y-%m-%d"),
        until=last.dt.to_string("%Y-%m-%d"),
        centre=pl.lit(watch.chart.centre if watch.chart else None, dtype=pl.Float64),
        state=signal,
    )
    return render.Chart(
        template=TEMPLATES[unit],
        frames={"data": drawn, "reference": drift_sentences.spans(watch), "events": events.beside(drawn, "period")},
        title=f"{title} by {period}: {part}",
        caption=drift_sentences.limits(watch, unit, period),
        alt=drift_sentences.series(watch, title, period, part),
        sql=results.sql(name, period),
        table=drawn,
    )


def _distributions(found: Drifts, by: str | None, part: str) -> None:
    """The scores of both windows, and every measure with what chance alone gives."""
    st.subheader("Scores and labels of late, against before", anchor=False)
    if found.baseline is None or found.recent is None or not any(key[0] == part for key in found.tests):
        components.empty("Nothing to compare", "It takes three days, with answers of the model on the first and last.")
        return
    st.markdown(drift_sentences.distributions(found, part))
    spans = {"before": found.baseline, "of late": found.recent}
    drawn = found.histogram.filter(slice=part)
    if drawn.height:
        said = ("since", "until")
        days = {name: {window: str(span[end]) for window, span in spans.items()} for end, name in enumerate(said)}
        drawn = drawn.with_columns(pl.col("window").replace_strict(days[name]).alias(name) for name in said)
        chart = render.Chart(
            template="score_windows",
            frames={"data": drawn},
            title=f"Scores: {part}",
            caption=drift_sentences.windows(found),
            alt=drift_sentences.distributions(found, part),
            sql=results.sql("model_scores"),
        )
        render.show(chart, key="score_windows", on_pick=partial(_open_cases, by, part))
    table = drift_sentences.table(found, part)
    components.table(table, alt="; ".join(f"{row[0]} {row[1]}: {row[-1]}" for row in table.iter_rows()))
    st.caption(drift_sentences.TABLE)


def _open_cases(by: str | None, part: str, picked: Mapping[str, str]) -> None:
    """The cases behind a mark, in the slice that is drawn."""
    within = {by: part} if by and part != EVERYTHING else {}
    known = {name: str(value) for name, value in picked.items()}
    navigation.open_cases(known | within | {"model": session.model() or ""})
