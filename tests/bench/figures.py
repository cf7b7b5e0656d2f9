"""What is made of measured values."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from statistics import median, quantiles

Spread = dict[str, float]


def spread(values: Sequence[float], digits: int = 1) -> Spread:
    """Median and quartiles."""
    low, _, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else [*values] * 3
    named = {"median": median(values), "lower quartile": low, "upper quartile": high}
    return {name: round(value, digits) for name, value in named.items()}


def ratio(ours: Sequence[float], others: Sequence[float]) -> Spread:
    """The ratio of the medians, and the quartiles of the pairs' own ratios. Nothing if there is nothing to compare."""
    if not ours or not median(others):
        return {}
    own = spread([one / other for one, other in zip(ours, others, strict=True) if other], 3)
    return {**own, "median": round(median(ours) / median(others), 3)}


def at(percent: int, values: Sequence[float]) -> float:
    """The value that so many per cent of all do not exceed."""
    ordered = sorted(values)
    return round(ordered[ceil(percent / 100 * len(ordered)) - 1], 1)
