"""What is minimized: test functions with a card each, losses on data, and small real data sets."""

from .datasets import DATASETS, Dataset, breast_cancer, diabetes, digits, iris, split, standardize, wine
from .models import LeastSquares, Logistic, OneHidden, Softmax, add_intercept
from .problem import Problem
from .recurrence import Recurrence, leaky_sum
from .surfaces import (
    SURFACES,
    Ackley,
    Beale,
    Card,
    Griewank,
    Himmelblau,
    Quadratic,
    Rastrigin,
    Rosenbrock,
    Schwefel,
    StyblinskiTang,
    Surface,
    Wells,
    bowl,
)

__all__ = [
    "DATASETS",
    "SURFACES",
    "Ackley",
    "Beale",
    "Card",
    "Dataset",
    "Griewank",
    "Himmelblau",
    "LeastSquares",
    "Logistic",
    "OneHidden",
    "Problem",
    "Quadratic",
    "Rastrigin",
    "Recurrence",
    "Rosenbrock",
    "Schwefel",
    "Softmax",
    "StyblinskiTang",
    "Surface",
    "Wells",
    "add_intercept",
    "bowl",
    "breast_cancer",
    "diabetes",
    "digits",
    "iris",
    "leaky_sum",
    "split",
    "standardize",
    "wine",
]
