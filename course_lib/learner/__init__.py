"""What a notebook calls: exercises, hints, predictions, quizzes, claims and progress."""

from course_lib.learner.claims import claim
from course_lib.learner.predictions import predict, reconcile, reveal
from course_lib.learner.progress import progress
from course_lib.learner.quiz import quiz
from course_lib.learner.turns import check, hint, solution, your_turn

__all__ = ["check", "claim", "hint", "predict", "progress", "quiz", "reconcile", "reveal", "solution", "your_turn"]
