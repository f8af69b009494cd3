"""Ten rounds of Dawid and Skene's method on the items with several ratings, by crowd-kit."""

import json
import sys

import pandas as pd
from crowdkit.aggregation import DawidSkene

reviews = pd.read_parquet(f"{sys.argv[1]}/reviews", columns=["item_id", "reviewer_id", "label"])
several = reviews[reviews["item_id"].duplicated(keep=False)].astype(str)
named = several.rename(columns={"item_id": "task", "reviewer_id": "worker"})
labels = DawidSkene(n_iter=10, tol=0).fit_predict(named)
print(json.dumps({"items": len(labels), "allowed": int((labels == "allow").sum())}))
