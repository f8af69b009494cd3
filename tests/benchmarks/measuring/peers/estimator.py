"""Accuracy and AUC of a month without labels by NannyML's estimator, with pandas for reading."""

import json
import sys

import nannyml
import pandas as pd

reference, current = (pd.read_parquet(f"{sys.argv[1]}/{month}.parquet") for month in ("reference", "current"))
estimator = nannyml.CBPE(
    metrics=["accuracy", "roc_auc"],
    y_pred_proba="score",
    y_pred="said",
    y_true="is_violating",
    problem_type="classification_binary",
    chunk_number=1,
)
estimator.fit(reference)
found = estimator.estimate(current.drop(columns="is_violating")).filter(period="analysis").to_df()
print(json.dumps({name: float(found[(name, "value")].iloc[0]) for name in ("accuracy", "roc_auc")}))
