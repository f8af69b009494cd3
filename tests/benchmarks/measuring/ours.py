"""The same tasks as the peers', by Evenhand: its questions over the raw Parquet files, its metrics over their counts.

Run: python -m measuring.ours TASK FOLDER, with tests/benchmarks on the path. Prints the result as JSON.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
from measuring.arrow import Rows
from measuring.house import LABELS

from data.contract import TABLES
from data.schema import definition
from metrics import dawid_skene as dawid_skene_module
from metrics.aggregation import dawid_skene
from metrics.agreement import coefficient, gwet_ac1, krippendorff_alpha
from metrics.options import Options
from metrics.pairs import pairwise_agreement
from metrics.patterns import rating_patterns
from metrics.taxonomy import Taxonomy
from queries.ask import ask
from queries.filters import Filters

MEMORY = "288MB"
TAXONOMY = Taxonomy(LABELS)
EVERY = Filters(repeats="all")
"""The log has no repeats, and so needs no rule for them; the peers know none."""

REVIEWS = """
create or replace view reviews as
select *, cast(decided_at as date) as day, false as has_repeats, cast(0 as bigint) as sequence
from read_parquet('{folder}/reviews/*.parquet')
"""
HASHES = "select cast(hash(item_id) >> 32 as uinteger) as hashed from reviews"
ONLY_SEVERAL = """
create or replace view reviews as
select *, cast(decided_at as date) as day, false as has_repeats, cast(0 as bigint) as sequence
from read_parquet('{folder}/reviews/*.parquet')
where cast(hash(item_id) >> 32 as uinteger) in (select hashed from several)
"""


class FileEngine:
    """Answers from a log's Parquet files, which stand in for the tables of a store."""

    has_rollups = tells_repeats = False
    forgotten = None
    rolled_from = None

    def __init__(self, folder: Path, *, several: bool = True) -> None:
        config = {"memory_limit": MEMORY, "temp_directory": str(folder / "spill"), "preserve_insertion_order": "false"}
        self._root = duckdb.connect(config=config)
        others = [definition(table) for table in TABLES.values() if table.name != "reviews"]
        self._root.execute(";".join(others))
        self._root.execute("set timezone = 'UTC'")
        self._root.execute(REVIEWS.format(folder=folder))
        if several:
            self._leave_out_singles(folder)

    def fetch(self, sql: str, parameters: Mapping[str, Any]) -> pl.DataFrame:
        """The rows of a query."""
        named = {name: value for name, value in parameters.items() if f"${name}" in sql}
        return pl.DataFrame(Rows(self._root.sql(sql, params=named).__arrow_c_stream__()))

    def _leave_out_singles(self, folder: Path) -> None:
        """Leave out items whose hash occurs once, which have one rating; some of the others have one too."""
        hashed = np.sort(self._root.execute(HASHES).fetchnumpy()["hashed"])
        again = hashed[1:] == hashed[:-1]
        several = hashed[1:][again & ~np.append(False, again[:-1])]
        self._root.register("several", {"hashed": several})
        self._root.execute(ONLY_SEVERAL.format(folder=folder))


def alpha(folder: Path) -> dict[str, Any]:
    """Krippendorff's alpha, which rests on items with several ratings."""
    counts = _patterns(FileEngine(folder))
    estimate = krippendorff_alpha(counts, TAXONOMY, Options())
    return {"krippendorff_alpha": estimate.value, "interval": [estimate.low, estimate.high]}


def gwet(folder: Path) -> dict[str, Any]:
    """Gwet's AC1 and his interval, which count single ratings too."""
    counts = _patterns(FileEngine(folder, several=False))
    estimate = asdict(gwet_ac1(counts, TAXONOMY, Options(interval="gwet")))
    return {"gwet_ac1": estimate["value"], "low": estimate["low"], "high": estimate["high"]}


def fleiss(folder: Path) -> dict[str, Any]:
    """Fleiss' kappa of the items with two ratings, and its standard error."""
    patterns = rating_patterns(_patterns(FileEngine(folder)), TAXONOMY)
    kappa = coefficient("fleiss_kappa", patterns.where(patterns.ratings == 2), TAXONOMY, Options())
    return {"fleiss_kappa": kappa.value(), "standard_error": kappa.standard_error()}


def cohen(folder: Path) -> dict[str, Any]:
    """Cohen's kappa of every pair of reviewers, each with its interval."""
    counts = ask(FileEngine(folder), "reviewer_pairs", EVERY)
    found = pairwise_agreement(counts, TAXONOMY, Options()).filter(pl.col("n") >= 10).drop_nulls("cohen_kappa")
    return {"pairs": found.height, "mean": found["cohen_kappa"].mean()}


def ten_rounds(folder: Path) -> dict[str, Any]:
    """Ten rounds of Dawid and Skene's method; ours would go on until it has converged."""
    ratings = ask(FileEngine(folder), "item_ratings", EVERY).filter(pl.col("item_id").is_duplicated())
    dawid_skene_module.MOST_ITERATIONS = 10
    labels = dawid_skene(ratings, TAXONOMY).labels["label"]
    return {"items": len(labels), "allowed": int((labels == "allow").sum())}


def daily(folder: Path) -> dict[str, Any]:
    """How often each label was given in each queue on each day."""
    counts = ask(FileEngine(folder, several=False), "label_counts", EVERY, by=("day", "queue"))["reviews"]
    return {"rows": len(counts), "reviews": counts.sum(), "squares": (counts**2).sum()}


def _patterns(engine: FileEngine) -> pl.DataFrame:
    return ask(engine, "rating_patterns", EVERY, parameters={"taxonomy": list(TAXONOMY.labels)})


TASKS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "alpha": alpha,
    "gwet": gwet,
    "fleiss": fleiss,
    "cohen": cohen,
    "dawid_skene": ten_rounds,
    "daily": daily,
}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](Path(sys.argv[2]))))
