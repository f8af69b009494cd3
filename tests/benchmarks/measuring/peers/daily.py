"""How often each label was given in each queue on each day, by pandas."""

import json
import sys

import pandas as pd

reviews = pd.read_parquet(f"{sys.argv[1]}/reviews", columns=["decided_at", "queue", "label"])
counts = reviews.groupby([reviews["decided_at"].dt.floor("D"), "queue", "label"], observed=True).size()
print(json.dumps({"rows": len(counts), "reviews": int(counts.sum()), "squares": int((counts**2).sum())}))
