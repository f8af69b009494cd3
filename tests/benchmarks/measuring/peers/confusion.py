"""How labels of the model and of people meet, by scikit-learn; pandas joins the two tables."""

import json
import sys

import pandas as pd
from sklearn.metrics import confusion_matrix

reviews = pd.read_parquet(f"{sys.argv[1]}/reviews", columns=["item_id", "label"])
predictions = pd.read_parquet(f"{sys.argv[1]}/predictions", columns=["item_id", "label"])
both = reviews.merge(predictions, on="item_id", suffixes=("", "_model"))
table = confusion_matrix(both["label"].astype(str), both["label_model"].astype(str))
print(
    json.dumps(
        {"reviews": int(table.sum()), "alike": int(table.trace()), "squares": int((table.astype(object) ** 2).sum())}
    )
)
