"""What a function must do, as tests that pass, fail, or say how many labels more would decide.

Checks and a subject in, results out. May import evaluation, inputs and what lies below; no
database, screen or clock.
"""

from hotfit.behaviour.base import Case, Check, Result, Subject
from hotfit.behaviour.deciding import Outcome
from hotfit.behaviour.running import run_checks

__all__ = ["Case", "Check", "Outcome", "Result", "Subject", "run_checks"]
