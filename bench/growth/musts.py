"""Print a figure next to what it must be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Must:
    """A bound of the table of figures; `at_least` where more is better."""

    bound: float
    at_least: bool = False

    def is_met(self, figure: float) -> bool:
        return figure >= self.bound if self.at_least else figure <= self.bound


def report(what: str, figure: float, unit: str, must: Must, baseline: str) -> bool:
    """Print one row; return whether the bound is met."""
    met = must.is_met(figure)
    sign, verdict = (">=" if must.at_least else "<="), ("met" if met else "NOT MET")
    print(
        f"{what:<44}{figure:>10.3g} {unit:<4} must {sign} {must.bound:g}: {verdict:<8} {baseline}",
        flush=True,
    )
    return met
