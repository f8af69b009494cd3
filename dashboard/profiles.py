"""One reviewer's profile: beside all others on the same gold, beside each peer, and over time."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import polars as pl

from dashboard import cache, figures, findings, navigation, people, reach, results, session, theme
from dashboard.render import Chart
from dashboard.sentences import counted, plain
from data.errors import LargeQuestionError, NoRowsError
from metrics.cusum import FALSE_ALARM, ErrorWatch, error_watch
from metrics.handle_times import accuracy_by_handle_time
from metrics.options import Options
from metrics.pairs import pairwise_agreement
from metrics.profile import pooled_confusion
from metrics.severity import severity_shift
from queries.filters import Filters

CARDS = ("accuracy", "over_enforcement", "under_enforcement", "d_prime", "criterion", "self_agreement")
CUT = ("policy", "language", "standard_version")
"""What a reviewer's accuracy is looked at by, where the log has it."""
HIDDEN = "hidden"


def estimate(name: str, who: str) -> dict[str, Any]:
    """A metric of one reviewer, after the filters."""
    return cache.measured(*session.keyed(), name, _only(who), (), Options()).row(0, named=True)


def cards(tallies: pl.DataFrame, name: str, who: str) -> dict[str, dict[str, Any]]:
    """The numbers of one reviewer; how harsh they are, in steps of severity, only where labels have an order."""
    found = {metric: estimate(metric, who) for metric in CARDS}
    taxonomy, is_theirs = session.source().taxonomy, pl.col("reviewer") == name
    if taxonomy.values is None:
        return found
    shift, _ = severity_shift([tallies.filter(is_theirs), tallies.filter(~is_theirs)], taxonomy, Options())
    return found | {"severity_shift": asdict(shift)}


def by(dimension: str, who: str) -> pl.DataFrame:
    """One reviewer's accuracy by a dimension; what rests on fewer answers than may be shown of one person is hidden."""
    least = session.source().settings.min_cell
    found = cache.measured(*session.keyed(), "accuracy", _only(who), (dimension,), Options(), least)
    return found.drop_nulls(dimension).with_columns(pl.col("note").str.replace("^withheld", HIDDEN))


def dimensions(who: str) -> list[str]:
    """The dimensions of which this reviewer's gold has more than one value."""
    return [each for each in CUT if by(each, who).height > 1]


def confusion(tallies: pl.DataFrame, who: str, *, sql: str) -> Chart:
    """How a reviewer's answers to each gold label fall, drawn towards those of all others."""
    opened = session.source()
    found = pooled_confusion(tallies, who, opened.taxonomy, min_cell=opened.settings.min_cell)
    few = pl.col("is_hidden")
    drawn = found.filter(pl.col("of") > 0).with_columns(
        shade=pl.col("pooled").fill_null(0.0), is_agreement=pl.col("gold_label") == pl.col("label")
    )
    texts = {name: figures.texts(drawn[column], "share").alias(name) for name, column in _SHOWN.items()}
    shown = [pl.when(few).then(pl.lit(HIDDEN)).otherwise(text).alias(name) for name, text in texts.items()]
    drawn = drawn.with_columns(shown)
    hidden = drawn.filter(few)["gold_label"].n_unique()
    return Chart(
        template="pooled_confusion",
        frames={"data": drawn},
        title="Where the answers go",
        caption="Share of the answers to each gold label, drawn towards all others' as far as it may be luck"
        + (f" · {counted(hidden, 'row')} with too few answers hidden" if hidden else ""),
        alt=findings.of_cells(drawn, "gold_label", "label"),
        sql=sql,
        table=found,
    )


def watch(tallies: pl.DataFrame, name: str, who: str) -> Chart | None:
    """Whether errors became more or fewer from some answer on; None without times or answers."""
    sequence = cache.asked(*session.keyed(), "gold_sequence", _only(who)).drop_nulls("decided_at")
    if sequence.is_empty():
        return None
    found = error_watch(sequence, tallies, session.source().taxonomy, name)
    is_error = pl.when("is_error").then(pl.lit("an error")).otherwise(pl.lit("right"))
    limits = {"limit_worse": [found.worse.limit], "limit_fewer": [-found.better.limit]}
    said = _watched(found)
    return Chart(
        template="error_watch",
        frames={
            "data": found.answers.with_columns(is_error=is_error, fewer=-pl.col("better")).drop("better"),
            "reference": pl.DataFrame(limits),
        },
        title="Since when more errors, or fewer",
        caption=f"{said} A series in which nothing changes passes a limit in {FALSE_ALARM:.0%} of cases",
        alt=said,
        sql=results.sql("gold_sequence"),
        table=found.answers,
    )


def handle_times(who: str, overall: Mapping[str, Any]) -> Chart | None:
    """Whether quick answers are the wrong ones; None without handle times, or where only all of a large log tells."""
    try:
        reach.check("handle_times", ("reviewer",))
        counts = cache.asked(*session.keyed(), "handle_times", _only(who))
    except (LargeQuestionError, NoRowsError):
        return None
    found = accuracy_by_handle_time(counts)
    if found.is_empty():
        return None
    few = pl.col("n") < session.source().settings.min_cell
    seconds = pl.when(pl.col("to_second").is_null()).then(pl.format("{} s and more", "from_second"))
    shown = found.select(
        seconds.otherwise(pl.format("{} to {} s", "from_second", "to_second")).alias("handle_time"),
        *(pl.when(~few).then(name).alias(name) for name in ("value", "low", "high")),
        "n",
        note=pl.when(few).then(pl.lit(f"{HIDDEN}: too few answers of one person")).otherwise(pl.lit("")),
    )
    sql = results.sql("handle_times")
    return figures.slices("accuracy", shown, overall, dimension="handle_time", sql=sql)


def _watched(found: ErrorWatch) -> str:
    """When a sum passed its limit, in words."""
    passed = {"more errors": found.worse.signal, "fewer errors": found.better.signal}
    said = [
        f"evidence for {what} passed its limit at answer {at:,}, on {found.answers['decided_at'][at - 1]:%d %b %Y}"
        for what, at in passed.items()
        if at is not None
    ]
    told = " and ".join(said) or "no change beyond chance"
    return f"{told[:1].upper()}{told[1:]}."


def peers(who: str) -> pl.DataFrame:
    """Agreement with each peer on the items that both decided, the most in common first, as a person reads it.

    Peers with fewer in common than may be shown of two people are left out.
    """
    reach.check("peer_pairs", asked={"reviewer_a": who})
    found = _pairs(who)
    least = session.source().settings.min_cell
    shown = found.filter(pl.col("n") >= least).sort("n", descending=True)
    ends = pl.struct("low", "high", "n").map_elements(_interval, return_dtype=pl.String)
    return people.shown(
        shown.select(
            pl.col("reviewer_b").alias("peer"),
            pl.col("n").alias("items in common"),
            figures.texts(shown["percent_agreement"], "share").alias("agreement"),
            figures.texts(shown["cohen_kappa"], "coefficient").alias("kappa"),
            ends.alias("95 % interval of kappa"),
        )
    )


def about_peers(who: str) -> str:
    """What the table of peers shows, and how many of them it does not."""
    least = session.source().settings.min_cell
    hidden = int((_pairs(who)["n"] < least).sum())
    said = f" {counted(hidden, 'peer')} with fewer than {least} items in common are hidden." if hidden else ""
    return f"Independent reviews of the same items, the most in common first.{said}"


def heading(who: str, row: Mapping[str, Any] | None, standing: Mapping[str, Any] | None) -> str:
    """What stands out about a reviewer, in a sentence."""
    if row is None or standing is None:
        return f"{plain(who)} gave no answer on gold that the filters let through."
    stands = f"stands out: {row['direction']}" if row["is_outlier"] else "is within what ordinary reviewers show"
    target = f"{session.source().settings.target:.0%}"
    gate = {"meets": f"meets the target of {target}", "below": f"is below the target of {target}"}
    decided = gate.get(standing["gate"], f"cannot yet be said to meet {target} or not")
    return (
        f"On {counted(row['answers'], 'answer')} to gold there were {counted(row['errors'], 'error')} where all others "
        f"would have made **{row['expected']:.1f}** on the same cases. {plain(who)} {stands}, and {decided}."
    )


def cases_of(name: str) -> Callable[[Mapping[str, str]], None]:
    """What goes to the cases behind a mark of one reviewer's profile."""
    return lambda picked: navigation.open_cases({**picked, "reviewer": name})


def _only(who: str) -> Filters:
    return session.filters().where("reviewer", [who])


def _interval(row: Mapping[str, Any]) -> str:
    return theme.interval(row["low"], row["high"], "coefficient", row["n"]) or "–"


def _pairs(who: str) -> pl.DataFrame:
    chosen = replace(session.filters(), reviewers=())
    counts = cache.asked(*session.keyed(), "peer_pairs", chosen, (), (("reviewer_a", who),))
    return pairwise_agreement(counts, session.source().taxonomy, Options())


_SHOWN = {"text": "pooled", "counted_text": "share", "others_text": "others"}
"""The shares of a cell as texts: of the cell itself, and of its tooltip."""
