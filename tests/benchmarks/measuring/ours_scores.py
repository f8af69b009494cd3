"""The same tasks as the peers' on scores, by Evenhand: counts by DuckDB from the Parquet files, metrics over them.

Run: python -m measuring.ours_scores TASK FOLDER, with tests/benchmarks on the path. Prints the result as JSON.
"""

import json
import math
import sys
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from scipy.optimize import isotonic_regression
from scipy.stats import kstwo

from metrics.divergences import js_divergence, ks, psi, wasserstein
from metrics.drift import MEASURES, drift, spread
from metrics.windows import Windows

COUNTS = "select score, count(*) as items, sum(is_violating) as violating from read_parquet('{}') group by score"


def counts(folder: Path, month: str) -> dict[str, np.ndarray]:
    """The distinct scores of a month, how many items have each, and how many of these violate."""
    return duckdb.sql(COUNTS.format(folder / f"{month}.parquet") + " order by score").fetchnumpy()


def drift_report(folder: Path) -> dict[str, Any]:
    """Four measures in the peer's conventions; and as the product has them, each with its interval and p-value.

    The peer's bins are Sturges' of both months, its distance is the root of the divergence in nats, and its Wasserstein
    distance is in standard deviations of the reference.
    """
    before, after = (counts(folder, month) for month in ("reference", "current"))
    windows = _windows(before, after)
    n, m = windows.sizes
    binned = _in_even_bins(windows, math.ceil(math.log2(n + m) + 1))
    apart = float(ks(windows.reference, windows.current))
    moved = float(wasserstein(windows.reference, windows.current, windows.values))
    own = {name: drift(measure, windows) for name, measure in MEASURES.items()}
    return {
        "psi": float(psi(binned.reference, binned.current)),
        "js_distance": math.sqrt(float(js_divergence(binned.reference, binned.current)) * math.log(2)),
        "ks_p": float(kstwo.sf(apart, round(n * m / (n + m)))),
        "wasserstein_in_sd": moved / spread(windows),
        "own": {name: [each.value, each.low, each.high, each.p] for name, each in own.items()},
    }


def estimator(folder: Path) -> dict[str, Any]:
    """Accuracy and AUC to expect from scores, calibrated on the reference as the peer does; and what they were."""
    before, after = (counts(folder, month) for month in ("reference", "current"))
    fitted = isotonic_regression(before["violating"] / before["items"], weights=before["items"]).x
    share = np.interp(after["score"], before["score"], fitted)
    said, items = after["score"] >= 0.5, after["items"]
    return {
        "accuracy": _accuracy(share, said, items),
        "roc_auc": _auc(share, items),
        "truth": [_accuracy(after["violating"] / items, said, items), _auc(after["violating"] / items, items)],
    }


def _accuracy(share: np.ndarray, said: np.ndarray, items: np.ndarray) -> float:
    return float(np.where(said, share, 1 - share) @ items / items.sum())


def _auc(share: np.ndarray, items: np.ndarray) -> float:
    """The chance that a violating item scores more than another, where so large a share of each score's items does."""
    violating, fine = share * items, (1 - share) * items
    below = np.cumsum(fine) - fine
    return float(violating @ (below + fine / 2) / (violating.sum() * fine.sum()))


def _windows(before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> Windows:
    values = np.union1d(before["score"], after["score"])
    both = np.zeros((2, len(values)))
    for row, month in zip(both, (before, after), strict=True):
        row[np.searchsorted(values, month["score"])] = month["items"]
    return Windows(both[0], both[1], values)


def _in_even_bins(windows: Windows, bins: int) -> Windows:
    edges = np.linspace(windows.values[0], windows.values[-1], bins + 1)
    reference, current = (
        np.histogram(windows.values, edges, weights=each)[0] for each in (windows.reference, windows.current)
    )
    return Windows(reference, current, edges[:-1])


TASKS = {"drift_report": drift_report, "estimator": estimator}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](Path(sys.argv[2]))))
