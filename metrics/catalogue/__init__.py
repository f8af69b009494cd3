"""Every metric once: what it asks, what it counts, how it is computed and where that comes from.

The command line, the pages, Methods and the documentation all read this list; nothing else names a metric's properties.
"""

from metrics.catalogue import (
    accuracy,
    agreement,
    auditors,
    audits,
    confidence,
    drift,
    model,
    model_beside_people,
    noise,
    pairs,
    reviewers,
    signal_detection,
    standards,
)
from metrics.catalogue.metric import Metric

CATALOGUE: dict[str, Metric] = {
    metric.name: metric
    for topic in (
        agreement,
        pairs,
        noise,
        accuracy,
        signal_detection,
        reviewers,
        audits,
        auditors,
        model,
        model_beside_people,
        confidence,
        drift,
        standards,
    )
    for metric in topic.METRICS
}

__all__ = ["CATALOGUE", "Metric"]
