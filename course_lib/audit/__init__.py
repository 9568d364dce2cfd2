"""What popular articles claim, as experiments: each claim's findings, their intervals, and the verdict that follows.

    declare     a claim, its findings, and the registry
    table       findings as rows of numbers, and the verdicts computed from them
    fair        what fair experiments share
    descent, batches, evolution, h_to_n    the experiments
"""

from . import batches, descent, evolution, h_to_n
from .declare import CLAIMS, Claim, Finding
from .table import Row, Verdict, audit, interval, read, verdict, verdict_of_row, write

__all__ = [
    "CLAIMS",
    "Claim",
    "Finding",
    "Row",
    "Verdict",
    "batches",
    "descent",
    "evolution",
    "audit",
    "h_to_n",
    "interval",
    "read",
    "verdict",
    "verdict_of_row",
    "write",
]
