"""The Agreement tab of Model: the model as one more rater, beside what people allow, and in their place."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard import cache, components, figures, findings, model_sentences, navigation, reach, render, results, session
from dashboard.charts.model import WHO
from dashboard.measure import OF_MODELS
from dashboard.theme import FORMATS, interval
from metrics.catalogue import CATALOGUE
from metrics.model_tables import NO_LABEL
from metrics.options import Options, Reference

CARDS = ("model_human_agreement", "model_human_kappa", "normalised_reliability")
CEILINGS: dict[Reference, str] = {"consensus": "human_ceiling", "gold": "human_ceiling", "audits": "audit_accuracy"}
"""What people come to by the same reference."""
RATIOS = ("model_precision", "model_recall", "model_specificity", "model_f1", "model_no_answer")
MARGINS = (0.1, 0.15, 0.2)
RIGHT_FIELD: dict[Reference, str] = {"consensus": "label_a", "gold": "gold_label", "audits": "auditor_label"}
"""The field of a matrix that holds the right label, as Cases call it where they know it."""
Row = Mapping[str, Any]


def section() -> None:
    """All of the tab."""
    by, cards = session.compared(), (*CARDS, CEILINGS[session.reference()])
    numbers = {name: results.estimate(name) for name in (*cards, *RATIOS, "model_minus_human", "anchoring_lift")}
    agreement, less = numbers["model_human_agreement"], numbers["model_minus_human"]
    st.markdown(model_sentences.finding(session.model() or "", agreement, less, session.reference()))
    if agreement["low"] is not None and agreement["note"]:
        st.caption(f"{agreement['note'][:1].upper()}{agreement['note'][1:]}.")
    components.cards({name: numbers[name] for name in cards})
    components.cards({name: numbers[name] for name in RATIOS})
    left, right = st.columns(2)
    with left:
        shown = _confusion(_told("confusion", OF_MODELS[session.reference()]), RIGHT_FIELD[session.reference()])
        render.show(shown, key="model_confusion", on_pick=_open_cases)
    with right:
        if by is None:
            components.nothing_to_compare()
        else:
            _beside_people(by)
    _versions()
    _replacement(by)
    _anchoring(by, numbers["anchoring_lift"])


def _versions() -> None:
    """What each version of the model says, and what it changed on the items that the one before answered too."""
    if session.models().filter(model=session.model()).height < 2:  # noqa: PLR2004 - the first has none before it
        return
    st.subheader("By version", anchor=False)
    _beside_people("model_version")
    if session.reference() != "audits":
        changes = _told("version_changes", "version_pairs")
        said = [model_sentences.change(row) for row in changes.iter_rows(named=True)]
        components.points(said, otherwise="No two versions answered the same items.")


def _replacement(by: str | None) -> None:
    """Whether the model may replace a second reviewer, in all and in each slice."""
    st.subheader("May the model replace a second reviewer?", anchor=False)
    margin: float = st.segmented_control(
        "By so much may a reviewer be closer to the others",
        MARGINS,
        default=MARGINS[1],
        required=True,
        format_func=lambda each: FORMATS["share"].text(each, coarse=True),
        key="margin",
        help="What the model saves is worth more where it stands for experts (20 %) than for trained people (15 %) or "
        "crowd workers (10 %).",
    )
    options = Options(margin=margin)
    table = _verdicts((), by or "slice", options)
    if by and results.estimate("winning_rate", options)["value"] is not None:
        table = pl.concat([table, _verdicts((by,), by, options)])
    components.table(table, alt="; ".join(f"{row[0]}: {row[1]}" for row in table.iter_rows()))
    st.caption(
        "Each reviewer with 30 items that others decided on too is left out in turn: is the model as like the others "
        "as they are? Yes, where that is shown of half of them or more; fewer than three are too few to say. "
        f"{CATALOGUE['winning_rate'].source}."
    )


def _verdicts(cut: tuple[str, ...], by: str, options: Options) -> pl.DataFrame:
    rates, advantages = (
        results.estimates(name, *cut, options=options) for name in ("winning_rate", "advantage_probability")
    )
    return model_sentences.verdicts(rates, advantages, by=by)


def _anchoring(by: str | None, lift: Row) -> None:
    """Whether reviewers follow the model's answer because they see it."""
    st.subheader("Anchoring", anchor=False)
    st.markdown(model_sentences.anchored(lift))
    if by and lift["value"] is not None:
        slices = results.estimates("anchoring_lift", by)
        chart = figures.slices("anchoring_lift", slices, lift, dimension=by, sql=results.sql("anchoring_lift", by))
        render.show(chart, key=f"anchoring_by_{by}", on_pick=navigation.open_cases)


def _beside_people(by: str) -> None:
    """How often the model is right in each slice, and beside it how often a reviewer is."""
    names = ("model_human_agreement", CEILINGS[session.reference()])
    model, people = (
        results.estimates(name, by).with_columns(who=pl.lit(who)) for name, who in zip(names, WHO, strict=True)
    )
    chart = _paired(model, people, by, sql=results.sql("model_human_agreement", by))
    render.show(chart, key=f"model_by_{by}", on_pick=navigation.open_cases)


def _paired(model: pl.DataFrame, people: pl.DataFrame, by: str, *, sql: str) -> render.Chart:
    """Versions stand in the order of their first answers, anything else with the lowest first."""
    largest = model.sort("n", descending=True).head(figures.MOST_ROWS).sort("value", nulls_last=True)[by]
    kept = session.models()[by].unique(maintain_order=True) if by == "model_version" else largest
    places = pl.DataFrame({by: kept}).with_row_index("place")
    drawn = pl.concat([model, people]).join(places, on=by).sort("place", "who", descending=[False, True]).drop("place")
    return render.Chart(
        template=f"model_by_{by}",
        frames={"data": drawn},
        title=f"Model and people by {by.replace('_', ' ')}",
        caption="95 % interval · a reviewer of the same items is the ceiling: with the consensus, how often two of "
        "them agree; with gold or audits, how often one is right",
        alt=f"Model agreement by {by}. {findings.of_slices(model, by, 'share')}",
        sql=sql,
    )


def _confusion(frame: pl.DataFrame, row: str) -> render.Chart:
    """Right labels by the model's answers, each row as shares of the items with that right label."""
    frame = frame.rename({"right_label": row}).drop_nulls("share")
    ends = frame.select("low", "high", "items").iter_rows()
    drawn = frame.with_columns(
        figures.texts(frame["share"], "share"),
        pl.Series("interval", [interval(low, high, "share", n) for low, high, n in ends], dtype=pl.String),
        shade=pl.col("share"),
        is_agreement=pl.col(row) == pl.col("model_label"),
    )
    return render.Chart(
        template=f"model_confusion_{row}",
        frames={"data": drawn},
        title="Where the model's answers go",
        caption=f"Share of the items with each right label · green is right · {NO_LABEL}: none, or none of ours · "
        "click a cell for its cases",
        alt=f"Where the model's answers go. {findings.of_cells(drawn, row, 'model_label')}",
        sql=results.sql("model_human_agreement"),
        table=frame,
    )


def _told(name: str, question: str) -> pl.DataFrame:
    reach.check(question)
    options = Options(reference=session.reference())
    found: pl.DataFrame = cache.told(*session.keyed(), name, session.model_filters(), options)
    return found


def _open_cases(picked: Mapping[str, str]) -> None:
    """The cases of a cell of the model that is shown; what auditors said cannot be asked for."""
    known = {name: label for name, label in picked.items() if name != "auditor_label"}
    several = session.models()["model"].n_unique() > 1
    navigation.open_cases(known | ({"model": session.model() or ""} if several else {}))
