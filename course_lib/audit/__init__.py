"""What popular articles claim, as experiments: each claim's findings, their intervals, and the verdict that follows.

    declare     a claim, its findings, and the registry
    table       findings as rows of numbers, and the verdicts computed from them
    fair        what fair experiments share
    descent, batches, evolution, cooling, stable, tuning    the experiments
"""

from . import batches, cooling, descent, evolution, stable, tuning  # noqa: F401 - each registers its claims
from .declare import CLAIMS, Claim, Finding
from .table import Row, Verdict, audit, interval, read, verdict, verdict_of_row, write

__all__ = [
    "CLAIMS",
    "Claim",
    "Finding",
    "Row",
    "Verdict",
    "audit",
    "interval",
    "read",
    "verdict",
    "verdict_of_row",
    "write",
]
