"""The story that the product opens on: a quarter of a house in which four things go wrong."""

from data.simulation.faults import plant
from data.simulation.plan import Plan

DEMO = Plan(
    seed=7,
    faults=(
        plant("standard_change", policy="harassment", day=46, share=0.2),
        plant("model_regression", policy="nudity", day=64),
        plant("site_drift", site="manila", day=29, ramp=7),
        plant("leaked_gold", gold_set="gold-b", day=57),
    ),
)
"""90 days, 300,000 reviews, 120 reviewers: a standard changes, a model grows worse, a site grows harsh, gold leaks."""
