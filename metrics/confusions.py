"""Which clauses are mixed up: two that reviewers named for the same item, from the rows of `clause_confusions`."""

import polars as pl

from metrics.estimate import share

NO_CLAUSE = "no clause"
"""What stands beside a clause where somebody named none."""
_KEY = ["policy", "clause"]
_TURNED = (("clause_a", "clause_b"), ("clause_b", "clause_a"))
_COLUMNS = ("policy", "clause", "instead", "items", "n", "share", "low", "high", "examples")


def confusions(rows: pl.DataFrame) -> pl.DataFrame:
    """What else was named for the items of a clause: a row for each clause and each other, the commonest first.

    Columns: `policy, clause, instead` (another clause, or `NO_CLAUSE`), `items` that got both, `n` items that got the
    clause and that several decided, `share` with Wilson's limits `low, high`, which take items for independent, and
    `examples`, the newest of the items.
    """
    named = rows.sort("place").with_columns(policy=pl.col("item_policy").fill_null(""))
    pairs = named.group_by("policy", "clause_a", "clause_b", maintain_order=True).agg(
        pl.col("items").first(), examples="item_id"
    )
    alone = pl.col("clause_a") == pl.col("clause_b")
    whole = pairs.filter(alone).select("policy", clause="clause_a", n="items")
    mixed = pairs.filter(~alone)
    sides = [mixed.rename({one: "clause", other: "instead"}) for one, other in _TURNED]
    both = pl.concat([side.select("policy", "clause", "instead", "items", "examples") for side in sides])
    told = both.join(whole, on=_KEY, how="inner").sort(
        "policy", "clause", "items", "instead", descending=[False, False, True, False]
    )
    shares = [share(items, n) for items, n in told.select("items", "n").iter_rows()]
    return told.with_columns(
        pl.col("instead").replace("", NO_CLAUSE),
        share=pl.Series([each.value for each in shares], dtype=pl.Float64),
        low=pl.Series([each.low for each in shares], dtype=pl.Float64),
        high=pl.Series([each.high for each in shares], dtype=pl.Float64),
    ).select(_COLUMNS)
