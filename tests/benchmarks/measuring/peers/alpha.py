"""Krippendorff's alpha of a log by the package krippendorff; pandas counts the labels of each item."""

import json
import sys

import krippendorff
import pandas as pd

reviews = pd.read_parquet(f"{sys.argv[1]}/reviews", columns=["item_id", "label"])
counts = reviews.groupby(["item_id", "label"], observed=True).size().unstack(fill_value=0)  # noqa: PD010 - counts are ready
value = krippendorff.alpha(value_counts=counts.to_numpy(), level_of_measurement="nominal")
print(json.dumps({"krippendorff_alpha": float(value)}))
