"""One reviewer's profile: beside all others on the same gold, beside each peer, and over time."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import polars as pl

from dashboard import cache, figures, findings, navigation, people, reach, results, session, theme
from dashboard.render import Chart
from dashboard.sentences import counted, plain
from metrics.options import Options
from metrics.pairs import pairwise_agreement
from metrics.profile import peer_confusion, pooled_confusion
from metrics.severity import severity_shift
from queries.filters import Filters

CARDS = ("accuracy", "over_enforcement", "under_enforcement", "d_prime", "criterion", "self_agreement")
CUT = ("policy", "language", "standard_version")
"""What a reviewer's accuracy is looked at by, where the log has it."""
HIDDEN = "hidden"


def estimate(name: str, who: str) -> dict[str, Any]:
    """A metric of one reviewer, after the filters."""
    return cache.measured(*session.keyed(), name, only(who), (), Options()).row(0, named=True)


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
    found = cache.measured(*session.keyed(), "accuracy", only(who), (dimension,), Options(), least)
    return found.drop_nulls(dimension).with_columns(pl.col("note").str.replace("^withheld", HIDDEN))


def dimensions(who: str) -> list[str]:
    """The dimensions of which this reviewer's gold has more than one value."""
    return [each for each in CUT if by(each, who).height > 1]


def confusion(tallies: pl.DataFrame, who: str, *, sql: str) -> Chart:
    """How a reviewer's answers to each gold label fall, drawn towards those of all others."""
    opened = session.source()
    found = pooled_confusion(tallies, who, opened.taxonomy, min_cell=opened.settings.min_cell)
    words = "Against gold", "Share of the answers to each gold label"
    return _confusion(found, "gold_label", words=words, sql=sql)


def against_peers(tallies: pl.DataFrame, who: str) -> Chart:
    """What a reviewer says where a peer says this, drawn towards what anybody does."""
    opened = session.source()
    everybody = cache.coincidences(*session.keyed(), session.filters())
    found = peer_confusion(_pairs(who), everybody, tallies, opened.taxonomy, min_cell=opened.settings.min_cell)
    words = "Against peers", "When a peer says the row, how often this reviewer says the column"
    return _confusion(found, "peer_label", words=words, sql=results.sql("peer_pairs"))


def _confusion(found: pl.DataFrame, row: str, *, words: tuple[str, str], sql: str) -> Chart:
    few = pl.col("is_hidden")
    drawn = found.filter(pl.col("of") > 0).with_columns(
        shade=pl.col("pooled").fill_null(0.0), is_agreement=pl.col(row) == pl.col("label")
    )
    texts = {name: figures.texts(drawn[column], "share").alias(name) for name, column in _SHOWN.items()}
    shown = [pl.when(few).then(pl.lit(HIDDEN)).otherwise(text).alias(name) for name, text in texts.items()]
    drawn = drawn.with_columns(shown)
    hidden = drawn.filter(few)[row].n_unique()
    return Chart(
        template=f"pooled_by_{row}",
        frames={"data": drawn},
        title=words[0],
        caption=f"{words[1]}, drawn towards all others' as far as it may be luck"
        + (f" · {counted(hidden, 'row')} with too few answers hidden" if hidden else ""),
        alt=f"{words[0]}. {findings.of_cells(drawn, row, 'label')}",
        sql=sql,
        table=found,
    )


def peers(who: str) -> pl.DataFrame:
    """Agreement with each peer on the items that both decided, the most in common first, as a person reads it.

    Peers with fewer in common than may be shown of two people are left out.
    """
    reach.check("peer_pairs", asked={"reviewer_a": who})
    found = _agreement(who)
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
    hidden = int((_agreement(who)["n"] < least).sum())
    said = f" {counted(hidden, 'peer')} with fewer than {least} items in common are hidden." if hidden else ""
    return f"Independent reviews of the same items, the most in common first.{said}"


def heading(who: str, row: Mapping[str, Any] | None, standing: Mapping[str, Any] | None) -> str:
    """What stands out about a reviewer, in a sentence."""
    if row is None or standing is None:
        return f"{plain(who)} gave too few answers on gold, of those that the filters let through, to be shown."
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


def only(who: str) -> Filters:
    """The filters, narrowed to one reviewer."""
    return session.filters().where("reviewer", [who])


def _interval(row: Mapping[str, Any]) -> str:
    return theme.interval(row["low"], row["high"], "coefficient", row["n"]) or "–"


def _pairs(who: str) -> pl.DataFrame:
    """What a reviewer and each peer said about the items that both decided."""
    chosen = replace(session.filters(), reviewers=())
    return cache.asked(*session.keyed(), "peer_pairs", chosen, (), (("reviewer_a", who),))


def _agreement(who: str) -> pl.DataFrame:
    """How far a reviewer agrees with each peer."""
    return pairwise_agreement(_pairs(who), session.source().taxonomy, Options())


_SHOWN = {"text": "pooled", "counted_text": "share", "others_text": "others"}
"""The shares of a cell as texts: of the cell itself, and of its tooltip."""
