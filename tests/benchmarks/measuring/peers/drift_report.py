"""Four measures of drift of a score by Evidently's report, with pandas for reading."""

import json
import sys

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.metrics import ValueDrift

METHODS = {"psi": "psi", "js_distance": "jensenshannon", "ks_p": "ks", "wasserstein_in_sd": "wasserstein"}

definition = DataDefinition(numerical_columns=["score"])
reference, current = (
    Dataset.from_pandas(pd.read_parquet(f"{sys.argv[1]}/{month}.parquet", columns=["score"]), definition)
    for month in ("reference", "current")
)
report = Report([ValueDrift(column="score", method=method) for method in METHODS.values()])
found = report.run(current, reference).dict()["metrics"]
print(json.dumps({name: float(each["value"]) for name, each in zip(METHODS, found, strict=True)}))
