"""The choices that a reader makes, all kept in the address of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from metrics.catalogue import CATALOGUE
from metrics.options import Interval, Level, Options, Reference
from metrics.taxonomy import Taxonomy

INTERVALS: dict[Interval, str] = {
    "default": "other items · formula",
    "bootstrap": "other items · bootstrap",
    "jackknife": "other items · jackknife",
    "reviewers": "other reviewers",
}
"""What each interval answers: how the number would move with …"""
INTERVAL_HELP = (
    "Other items: these reviewers, other content like this. Other reviewers: this content, other people like these. "
    "The second is usually much wider."
)
LEVEL_HELP = (
    "For alpha: nominal takes any two labels as equally far apart, ordinal counts ranks, interval and ratio use the "
    "labels' own measure."
)
FITTED_AT_ONCE = 100_000
"""A model is fitted to so many reviews in seconds."""
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")


def agreement_options(taxonomy: Taxonomy) -> Options:
    """How near labels count, and which question the intervals answer."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level: Level = "nominal"
        if taxonomy.values is not None:
            level = st.segmented_control(
                "Level of measurement",
                LEVELS,
                default="nominal",
                required=True,
                key="level",
                bind="query-params",
                help=LEVEL_HELP,
            )
        interval = st.segmented_control(
            "Intervals: how far would it move with …",
            list(INTERVALS),
            default="default",
            required=True,
            format_func=INTERVALS.__getitem__,
            key="interval",
            bind="query-params",
            help=INTERVAL_HELP,
        )
    return Options(level=level, interval=interval)


def coefficient(names: Sequence[str], title: str) -> str:
    """Which metric is compared across policies."""
    return st.segmented_control(
        title,
        names,
        default=names[0],
        required=True,
        format_func=lambda name: CATALOGUE[name].title,
        key="coefficient",
        bind="query-params",
        help="Where a policy has almost only one label, alpha and kappa are near 0 however often reviewers agree.",
    )


def fits_model(reviews: int) -> bool:
    """Whether Dawid and Skene's model is fitted: to a small log at once, to a large one when the reader asks for it."""
    return reviews <= FITTED_AT_ONCE or st.toggle(
        "Fit Dawid and Skene's model too: on so many reviews it takes minutes", key="fit", bind="query-params"
    )


def over_reviewers(options: Options) -> Options:
    """The same choices, with the interval for other reviewers."""
    return replace(options, interval="reviewers")


def over_items(options: Options) -> Options:
    """The same choices, with an interval for other items."""
    return replace(options, interval="default") if options.interval == "reviewers" else options


def errors_are_adjusted() -> bool:
    """Whether errors are set against the cases that each one got, or shown as counted."""
    chosen: str = st.segmented_control(
        "Errors",
        ["adjusted for the cases", "as counted"],
        default="adjusted for the cases",
        required=True,
        key="errors",
        bind="query-params",
        help="Some get harder cases than others. Adjusted: their errors over those that all others would make on the "
        "same policies, languages and gold labels, times the share of errors of all.",
    )
    return chosen != "as counted"


def reviewer(names: Sequence[str]) -> str | None:
    """Whose profile is shown."""
    chosen: str | None = st.selectbox(
        "Reviewer", names, index=None, placeholder="Choose one", key="who", bind="query-params", width=260
    )
    return chosen


def model_bar(models: Sequence[str], references: Mapping[Reference, str]) -> None:
    """Which model is looked at, where there are several, and what it is held against."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="model_choice"):
        if len(models) > 1:
            st.segmented_control("Model", models, default=models[0], required=True, key="model", bind="query-params")
        st.segmented_control(
            "Held against",
            list(references),
            default="consensus",
            required=True,
            format_func=references.__getitem__,
            key="reference",
            bind="query-params",
            help="Consensus: what most independent reviewers of an item said. Gold: the right label, where known. "
            "Audits: what auditors said, each weighed by how likely it was to be drawn.",
        )


def standard(changes: Sequence[tuple[str, str]]) -> int:
    """Which change of a standard is looked at: its place among these policies and versions."""
    named = [f"{policy} {version}" for policy, version in changes]
    chosen: str = st.selectbox("Change of a standard", named, key="standard", bind="query-params", width=320)
    return named.index(chosen)


def change(names: Sequence[str]) -> tuple[str, int]:
    """Which number is explained, and over how many days against as many before."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="change"):
        name: str = st.selectbox(
            "Number",
            names,
            key="number",
            bind="query-params",
            format_func=lambda each: CATALOGUE[each].title,
            width=260,
        )
        days: int = st.segmented_control(
            "The last days, against as many before",
            [7, 14, 28],
            default=28,
            required=True,
            key="days",
            bind="query-params",
        )
    return name, days
