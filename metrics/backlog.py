"""The backlog of clauses to rewrite: where unclear text costs most."""

from dataclasses import dataclass

import polars as pl

from metrics.clarity import Readings, readings
from metrics.confusions import NO_CLAUSE
from metrics.footing import FEWEST
from metrics.linearisation import known, quotient
from metrics.multiplicity import benjamini_hochberg
from metrics.taxonomy import Taxonomy

LEAST = 30
"""The items of a clause below which nothing is said of it."""
NO_COSTS = "no costs are declared, so every mistake counts 1"
UNCOVERED = "no cost is declared for a mistake that occurs"
_KEY = ["policy", "clause"]
_TOLD = {
    **dict.fromkeys(("clarity_index", "low", "high", "disagreement", "among_skilled", "p"), pl.Float64),
    **dict.fromkeys(("n", "reviewers"), pl.Int64),
    "note": pl.String,
}
FALSE_CALLS = 0.1
"""The share of the clauses called unclear that may be so by chance."""
_ENDS = {"": "clarity_index", "_low": "low", "_high": "high"}
COLUMNS = (
    *("rank", "policy", "clause", "priority", "priority_low", "priority_high", "reviews", "harm"),
    *("unclear", "unclear_low", "unclear_high", "clarity_index", "low", "high", "q", "is_unclear"),
    *("disagreement", "among_skilled", "n", "reviewers", "instead", "instead_share", "examples", "note"),
)


@dataclass(frozen=True, slots=True)
class Backlog:
    """The clauses, the most urgent first, and the first in a sentence.

    Columns of `clauses`: `rank, policy, clause`; `priority, priority_low, priority_high` = reviews × harm × unclear,
    what unclear text costs; the `reviews` that named the clause; `harm`, the mean cost of deciding wrongly where it is
    in question; `unclear, unclear_low, unclear_high`, on what share of the items for which it was named two skilled
    reviewers differ because they read it differently; `clarity_index, low, high`, the same as a share of all
    disagreement; `q`, the false discovery rate at which it would be called, and whether it `is_unclear` at a rate of a
    tenth; `disagreement` of two reviewers on whether the clause applies, and that `among_skilled`; `n` items
    that several decided, and their `reviewers`; the clause that is most often named `instead`, on what `instead_share`
    of the items, and `examples` of items in question, by id with commas between; `note`.

    Of a clause with too few items only counts are told, and it has no rank. The limits of `priority` and `unclear` are
    those of the index: they take reviews, harm and disagreement for known.
    """

    clauses: pl.DataFrame
    sentence: str


def clause_backlog(
    pairs: pl.DataFrame,
    volumes: pl.DataFrame,
    mixed_up: pl.DataFrame,
    taxonomy: Taxonomy,
    *,
    least: int = LEAST,
) -> Backlog:
    """The backlog of frames of `clause_pairs` and `clause_counts`, and of what `confusions` says of them.

    `UndefinedError` where nobody knows which labels violate.
    """
    found = readings(pairs, taxonomy)
    rows = [_told(found, number, least=least) for number in range(found.clauses.height)]
    named = found.clauses.rename({"item_policy": "policy"})
    volume = volumes.select(pl.col("item_policy").fill_null("").alias("policy"), "clause", "reviews")
    every = named.hstack(pl.DataFrame(rows, schema=_TOLD, orient="row"))
    for beside in (volume, _harm(found, taxonomy), _mixed_up(mixed_up)):
        every = every.join(beside, on=_KEY, how="left")
    clauses = _ranked(_called(every))
    return Backlog(clauses, _sentence(clauses))


def _called(told: pl.DataFrame) -> pl.DataFrame:
    """The same with `q` and `is_unclear`: so many clauses are tested at once."""
    tested = told["p"].is_not_null()
    q = pl.Series([None] * told.height, dtype=pl.Float64)
    if tested.any():
        q = q.scatter(tested.arg_true(), benjamini_hochberg(told["p"].drop_nulls().to_numpy()))
    return told.with_columns(q=q, is_unclear=(q <= FALSE_CALLS) & (told["clarity_index"] > 0))


def _ranked(told: pl.DataFrame) -> pl.DataFrame:
    """What is known of clauses, with the products of it, in order."""
    is_told = pl.col("clarity_index").is_not_null()
    unclear = {f"unclear{end}": pl.col(name) * pl.col("disagreement") for end, name in _ENDS.items()}
    cost = pl.col("reviews") * pl.col("harm")
    rank = pl.when(pl.col("priority").is_not_null()).then(pl.int_range(1, pl.len() + 1))
    return (
        told.with_columns(_joined("; ", "note", "why_no_harm").alias("note"), pl.when(is_told).then("harm"), **unclear)
        .with_columns(**{f"priority{end}": pl.col(f"unclear{end}") * cost for end in _ENDS})
        .sort("priority", "reviews", "clause", descending=[True, True, False], nulls_last=True)
        .with_columns(rank=rank)
        .select(COLUMNS)
    )


def _told(found: Readings, number: int, *, least: int) -> tuple[object, ...]:
    """What is known of one clause: a row of `_TOLD`."""
    pairs, own = found.pairs.where(found.pairs.kind == number), found.all.within(number)
    index = found.index(pairs, own)
    counted = (pairs.n, int((own.system.whole > 0).sum()))
    why = index.note if index.value is None else ""
    if pairs.n < least:
        why = f"withheld: {pairs.n} items, fewer than {least}"
    elif pairs.disagreements < FEWEST:
        why = f"withheld: {pairs.disagreements} disagreements, fewer than {FEWEST}"
    if why:
        return (*(None,) * 6, *counted, why)
    able = pairs.where(found.skilled[pairs.one] & found.skilled[pairs.other])
    weights = able.items / able.reviewers
    among = known(float(quotient(weights @ able.difference**2, weights.sum())))
    p = own.stable.among(found.skilled).chance(found.level.value)
    return (index.value, index.low, index.high, 2 * own.system.value, among, p, *counted, index.note)


def _harm(found: Readings, taxonomy: Taxonomy) -> pl.DataFrame:
    """What it costs to give one label where the other is right, on average over decisions that differ on the clause.

    Columns: `policy, clause, harm, why_no_harm`. Without costs it is 1.
    """
    costs = {(label, label): 0.0 for label in taxonomy.labels} | dict(taxonomy.costs)
    differ = found.counts.filter(pl.Series(found.pairs.difference != 0, dtype=pl.Boolean))
    sides = zip(differ["label_a"], differ["label_b"], strict=True)
    either = [(costs.get((a, b)), costs.get((b, a))) if taxonomy.costs else (1.0, 1.0) for a, b in sides]
    cost = [None if one is None or other is None else (one + other) / 2 for one, other in either]
    weighed = differ.with_columns(cost=pl.Series(cost, dtype=pl.Float64), policy=pl.col("item_policy").fill_null(""))
    covered = pl.col("cost").is_not_null().all()
    mean = (pl.col("cost") * pl.col("items")).sum() / pl.col("items").sum()
    why = pl.when(~covered).then(pl.lit(UNCOVERED)).otherwise(pl.lit(None if taxonomy.costs else NO_COSTS))
    return weighed.group_by(_KEY).agg(harm=pl.when(covered).then(mean), why_no_harm=why)


def _mixed_up(confusions: pl.DataFrame) -> pl.DataFrame:
    """For each clause the other that is most often named, and items in question."""
    other = confusions.filter(pl.col("instead") != NO_CLAUSE).unique(_KEY, keep="first", maintain_order=True)
    items = confusions.group_by(_KEY).agg(pl.col("examples").explode().unique(maintain_order=True).str.join(", "))
    return items.join(other.select(*_KEY, "instead", instead_share="share"), on=_KEY, how="left")


def _joined(between: str, *texts: str) -> pl.Expr:
    """Texts that are there and not empty, joined."""
    return pl.concat_str([pl.col(text).replace("", None) for text in texts], separator=between, ignore_nulls=True)


def _sentence(clauses: pl.DataFrame) -> str:
    """What to rewrite first, in words."""
    told = clauses.drop_nulls("clarity_index")
    if told.is_empty():
        return "Of no clause is enough known to say how clear it is."
    unclear = told.filter("is_unclear")
    if unclear.is_empty():
        return f"None of {told.height} clauses is surely unclear."
    first = unclear.row(0, named=True)
    name = f"{first['clause']} ({first['policy']})" if first["policy"] else first["clause"]
    limits = f" ({first['unclear_low']:.0%} to {first['unclear_high']:.0%})" if first["low"] is not None else ""
    return (
        f"{unclear.height} of {told.height} clauses {'is' if unclear.height == 1 else 'are'} unclear. Rewrite {name} "
        f"first: on {first['unclear']:.0%}{limits} of the items for which it is named, two skilled reviewers differ "
        f"because they read it differently; {first['reviews']:,} reviews named it."
    )
