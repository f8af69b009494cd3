"""What is said of drift, in words: signals and how many to expect, changes, limits, and measures of distributions."""

from collections.abc import Iterator

import polars as pl

from dashboard.drift_answers import RECENT_DAYS, Drifts
from dashboard.sentences import counted, plain
from metrics.change_points import Change
from metrics.drift import ALPHA, Drift, folklore
from metrics.drift_series import SMALLEST, Watch
from metrics.model_series import EVERYTHING

AGREEMENT = "model_human_agreement"
RULES = (
    "A signal is a day or week outside of its limits and at least 2 points (kappa: 0.05) from the centre, a lasting "
    "change of at least 2 points, or a drift of scores or labels that is more than chance and large enough to matter. "
    "The number expected is what such a log would give on average if nothing changed: limits and changes are "
    "simulated, one by one, with days that vary as much as these. Slices share items, so their signals come together."
)
TABLE = (
    "“Drift itself” is without what counting adds by luck, with its 95 % interval. “By chance” is what it stays below "
    "in 95 of 100 cases at these numbers of items if nothing drifted. “Needed” is how many items of late it takes "
    "until that comes down to the smallest drift that matters: scores moved by a fifth of their spread. "
    "Drift is said only of what is both more than chance, all slices and measures allowed for, and large enough. The "
    "rule of thumb (0.1 and 0.25, whatever the number of items) is shown and not used."
)
MEASURES = {
    "psi": "stability index (PSI)",
    "js": "Jensen–Shannon divergence, bits",
    "ks": "Kolmogorov–Smirnov distance",
    "wasserstein": "Wasserstein distance, in scores",
}


def finding(found: Drifts) -> str:
    """How many signals there are, and how many to expect by chance."""
    changes = sum(len(watch.changes.changes) for watch in found.watches.values())
    calls = sum(map(sum, found.calls.values()))
    points = found.signals - changes - calls
    return (
        f"**{counted(found.signals, 'signal')}**; about **{found.by_chance:.1f}** expected by chance alone: "
        f"{counted(changes, 'lasting change')}, {points} points outside of their limits, {calls} measures of scores or "
        f"labels that drifted; in {len(found.watches)} series and {sum(map(len, found.tests.values()))} comparisons."
    )


def signals_of(found: Drifts, part: str) -> int:
    """The signals of one slice."""
    watches = sum(watch.signals for (name, _), watch in found.watches.items() if name == part)
    return watches + sum(sum(calls) for (name, _), calls in found.calls.items() if name == part)


def changes(found: Drifts, by: str | None) -> Iterator[str]:
    """Every lasting change of the agreement, and between which days it began."""
    for (part, name), watch in found.watches.items():
        where = "" if part == EVERYTHING else f" in {(by or '').replace('_', ' ')} **{plain(part)}**"
        if name == AGREEMENT:
            yield from (f"Agreement{where} {change(each)}." for each in watch.changes.changes)


def change(each: Change) -> str:
    """One change: by how much, since when, over how long."""
    ends = sorted(abs(end) * 100 for end in (each.low, each.high))
    between = (
        f"most likely on {_day(each.first)}"
        if each.earliest == each.latest
        else f"between {_day(each.earliest)} and {_day(each.latest)}, most likely on {_day(each.first)}"
    )
    course = "at once" if each.over == 1 else f"over about {each.over} days"
    return (
        f"{'rose' if each.size > 0 else 'fell'} by **{abs(each.size) * 100:.1f} points** "
        f"({ends[0]:.1f} to {ends[1]:.1f}), {course}, beginning {between}"
    )


def spans(watch: Watch) -> pl.DataFrame:
    """The changes as they are drawn: from, to, first, told."""
    rows = [(each.earliest, each.latest, each.first, f"Agreement {change(each)}") for each in watch.changes.changes]
    text = pl.col("told").str.replace_all("**", "", literal=True)
    schema = {"from": pl.Date, "to": pl.Date, "first": pl.Date, "told": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(text)


def limits(watch: Watch, unit: str, period: str) -> str:
    """What the limits rest on."""
    if watch.chart is None:
        return f"No limits: {watch.reason}"
    chart, points = watch.chart, watch.points.height
    first = (
        f"all {points} {period}s" if chart.baseline == points else f"the first {chart.baseline} of {points} {period}s"
    )
    wide = (
        f"{chart.sigma:.1f} times as wide as counting alone gives, as {period}s vary more"
        if chart.sigma > 1
        else "as counting alone gives"
    )
    return (
        f"Grey: limits by {first} (Laney p′, 3 standard errors, {wide}) · a signal also lies "
        f"{'2 points' if unit == 'share' else SMALLEST[unit]} or more from the dashed centre · about "
        f"{chart.by_chance:.2f} by chance · orange: when a change began · dotted: something happened"
    )


def series(watch: Watch, title: str, period: str, part: str) -> str:
    """A series in one sentence, for those who do not see it."""
    out = counted(int(watch.points["is_signal"].sum()), f"{period}")
    changed = "; ".join(f"it {change(each)}" for each in watch.changes.changes).replace("**", "")
    return f"{title} of {part} by {period}: {out} outside of the limits. {changed}".strip()


def windows(found: Drifts) -> str:
    """Which days are compared."""
    if found.baseline is None or found.recent is None:
        return ""
    (first, until), (since, last) = found.baseline, found.recent
    return (
        f"Before: {_day(first)} to {_day(until)}, the first third · of late: {_day(since)} to {_day(last)}, at most "
        f"{RECENT_DAYS} days · share of each window’s items, without gold"
    )


def distributions(found: Drifts, part: str) -> str:
    """Whether scores and labels drifted in a slice."""
    said = []
    for what in ("scores", "labels"):
        key = (part, what)
        if key not in found.tests:
            continue
        named = [
            MEASURES[each.measure] for each, is_call in zip(found.tests[key], found.calls[key], strict=True) if is_call
        ]
        said.append(f"{what} **drifted** by {', '.join(named)}" if named else f"no drift of {what} is shown")
    sentence = "; ".join(said)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def table(found: Drifts, part: str) -> pl.DataFrame:
    """Every measure of a slice with what chance alone gives, and the verdict."""
    rows = [
        (
            what,
            MEASURES[each.measure],
            f"{each.value:.4f}",
            f"{each.effect:.4f} ({each.low:.4f} to {each.high:.4f})",
            f"{each.limit:.4f}",
            f"{each.smallest:.4f}",
            folklore(each.value) if each.measure == "psi" else "–",
            each.sizes[1],
            f"{each.needed:,}" if each.needed else "more before, too",
            verdict(each, is_call=is_call),
        )
        for (name, what), tests in found.tests.items()
        if name == part
        for each, is_call in zip(tests, found.calls[name, what], strict=True)
    ]
    columns = ("of", "measure", "as counted", "drift itself", "by chance", "smallest that matters")
    return pl.DataFrame(rows, schema=[*columns, "rule of thumb", "items of late", "needed", "verdict"], orient="row")


def verdict(each: Drift, *, is_call: bool) -> str:
    """What is to be thought of one measure."""
    if is_call:
        return "drift"
    if each.p <= ALPHA:
        return "more than chance, too small to matter" if not each.is_large else "chance, with so many comparisons"
    return "too few items to tell" if each.limit > each.smallest else "no drift shown"


def _day(day: object) -> str:
    return f"{day:%d %b %Y}".lstrip("0")
