"""Gwet's AC1 of a log with its interval, by the package irrCAC; pandas sets the ratings of an item side by side."""

import json
import sys

import pandas as pd
from irrCAC.raw import CAC

reviews = pd.read_parquet(f"{sys.argv[1]}/reviews", columns=["item_id", "label"])
place = reviews.groupby("item_id", sort=False).cumcount()
named = reviews.assign(place=place, label=reviews["label"].astype(str))
ratings = named.pivot(index="item_id", columns="place", values="label")  # noqa: PD010 - nothing is aggregated
found = CAC(ratings, digits=12).gwet()["est"]
low, high = found["confidence_interval"]
print(json.dumps({"gwet_ac1": found["coefficient_value"], "low": low, "high": high}))
