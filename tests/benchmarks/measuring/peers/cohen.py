"""Cohen's kappa of every pair of reviewers with ten items in common, by scikit-learn after a join in pandas."""

import json
import sys

import pandas as pd
from sklearn.metrics import cohen_kappa_score

reviews = pd.read_parquet(f"{sys.argv[1]}/reviews", columns=["item_id", "reviewer_id", "label"])
several = reviews[reviews["item_id"].duplicated(keep=False)]
pairs = several.merge(several, on="item_id", suffixes=("_a", "_b"))
pairs = pairs[pairs["reviewer_id_a"].astype(str) < pairs["reviewer_id_b"].astype(str)]
kappas = [
    cohen_kappa_score(both["label_a"], both["label_b"])
    for _, both in pairs.groupby(["reviewer_id_a", "reviewer_id_b"], observed=True)
    if len(both) >= 10
]
known = pd.Series(kappas).dropna()
print(json.dumps({"pairs": len(known), "mean": float(known.mean())}))
