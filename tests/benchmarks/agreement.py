"""Alpha and its interval for a million items, from the log to the number, against the krippendorff package.

Run `python tests/benchmarks/agreement.py [ITEMS]`. Every ratio is measured in one run on one machine.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import polars as pl

from data.store import Workspace, create, open_workspace, writing
from metrics.agreement import coefficient, krippendorff_alpha
from metrics.options import Options
from metrics.patterns import rating_patterns
from metrics.taxonomy import Taxonomy
from queries.ask import ask
from queries.filters import Filters

LABELS = Taxonomy(("allow", "limit", "warn", "remove", "ban"), values=(0.0, 1.0, 2.0, 3.0, 4.0))
REVIEWERS = 3
MISSING = 0.1
LITERAL = 3


def given_labels(items: int) -> np.ndarray:
    """Label codes, reviewers by items; not a number where a reviewer did not rate the item."""
    generator = np.random.default_rng(1)
    truth = generator.choice(5, items, p=[0.75, 0.1, 0.08, 0.05, 0.02])
    guesses = generator.choice(5, (REVIEWERS, items), p=[0.5, 0.2, 0.15, 0.1, 0.05])
    given = np.where(generator.random((REVIEWERS, items)) < 0.8, truth, guesses).astype(float)
    given[generator.random((REVIEWERS, items)) < MISSING] = np.nan
    return given


def fill(path: Path, given: np.ndarray) -> Workspace:
    """A workspace with one review per given label."""
    create(path)
    reviewer, item = np.nonzero(~np.isnan(given))
    codes = given[reviewer, item].astype(int)
    reviews = pl.DataFrame({"reviewer": reviewer, "item": item, "label": np.array(LABELS.labels)[codes]})
    with writing(path) as writer:
        writer.connection.register("given", reviews.to_arrow())
        writer.connection.execute(
            "insert into reviews by name "
            "select 'item-' || item as item_id, 'reviewer-' || reviewer as reviewer_id, label, "
            "cast(row_number() over () as varchar) as review_id, row_number() over () as sequence, "
            "false as has_repeats from given"
        )
        writer.changed = True
    return open_workspace(path)


def seconds(work: Callable[[], Any], *, times: int = 3) -> float:
    """The least time that some work took."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def package_from_log(workspace: Workspace) -> float:
    """The package's alpha from the same log: fetch the rows, code them, fill its matrix."""
    rows = workspace.engine.fetch("select reviewer_id, item_id, label from reviews", {})
    codes = rows.select((pl.all().rank("dense") - 1).cast(pl.Int64))
    matrix = np.full((codes["reviewer_id"].max() + 1, codes["item_id"].max() + 1), np.nan)
    matrix[codes["reviewer_id"], codes["item_id"]] = codes["label"]
    return float(krippendorff.alpha(reliability_data=matrix, level_of_measurement="nominal"))


def literal_resample(given: np.ndarray, generator: np.random.Generator) -> float:
    """One bootstrap replicate as it is usually done: draw items, compute again."""
    drawn = given[:, generator.integers(given.shape[1], size=given.shape[1])]
    return float(krippendorff.alpha(reliability_data=drawn, level_of_measurement="nominal"))


def main(items: int) -> None:
    """Measure and print."""
    given = given_labels(items)
    with tempfile.TemporaryDirectory() as folder:
        workspace = fill(Path(folder) / "workspace", given)

        def counts() -> pl.DataFrame:
            return ask(workspace.engine, "rating_patterns", Filters(), parameters={"taxonomy": list(LABELS.labels)})

        patterns = counts()
        query = seconds(counts)
        whole = seconds(lambda: krippendorff_alpha(counts(), LABELS, Options()))
        estimate = krippendorff_alpha(patterns, LABELS, Options())
        from_log = seconds(lambda: package_from_log(workspace), times=1)
        workspace.close()
    compute = seconds(lambda: krippendorff_alpha(patterns, LABELS, Options()))
    point = seconds(lambda: krippendorff.alpha(reliability_data=given, level_of_measurement="nominal"))
    generator = np.random.default_rng(2)
    literal = seconds(lambda: literal_resample(given, generator), times=LITERAL) * 200
    print(f"{items:,} items, {(~np.isnan(given)).sum():,} ratings, {len(patterns)} patterns")
    print(f"alpha {estimate.value:.6f} [{estimate.low:.6f}, {estimate.high:.6f}]")
    print(f"alpha with interval, query included: {whole:.3f} s (query {query:.3f} s, compute {compute * 1000:.1f} ms)")
    print(f"krippendorff package from the same log, no interval: {from_log:.3f} s, {from_log / whole:.1f} times ours")
    print(
        f"krippendorff package from a ready matrix: {point:.3f} s, {point / compute:.0f} times ours from ready patterns"
    )
    print(f"200 literal resamples (scaled up from {LITERAL}): {literal:.0f} s, {literal / whole:.0f} times ours")
    for level in ("nominal", "ordinal"):
        alpha = coefficient("krippendorff_alpha", rating_patterns(patterns, LABELS), LABELS, Options(level=level))
        bootstrap = seconds(lambda alpha=alpha: alpha.replicates(2000, seed=1))
        jackknife = seconds(alpha.jackknife_standard_error)
        print(
            f"{level}: 2,000 bootstrap replicates {bootstrap * 1000:.1f} ms, exact jackknife {jackknife * 1000:.2f} ms"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
