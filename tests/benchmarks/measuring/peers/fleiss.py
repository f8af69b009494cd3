"""Fleiss' kappa of the items with two ratings, by statsmodels; pandas counts the labels of each item."""

import json
import sys

import pandas as pd
from statsmodels.stats.inter_rater import fleiss_kappa

reviews = pd.read_parquet(f"{sys.argv[1]}/reviews", columns=["item_id", "label"])
counts = reviews.groupby(["item_id", "label"], observed=True).size().unstack(fill_value=0)  # noqa: PD010 - counts are ready
two = counts[counts.sum(axis=1) == 2]
print(json.dumps({"fleiss_kappa": float(fleiss_kappa(two.to_numpy()))}))
