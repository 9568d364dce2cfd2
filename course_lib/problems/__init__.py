"""What is minimized: test functions with a card each, losses on data, and small real data sets."""

from .datasets import DATASETS, Dataset, breast_cancer, diabetes, digits, iris, split, standardize, wine
from .models import LeastSquares, Logistic, OneHidden, Softmax, add_intercept
from .problem import Problem
from .selection import FeatureSelection
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
    "FeatureSelection",
    "Griewank",
    "Himmelblau",
    "LeastSquares",
    "Logistic",
    "OneHidden",
    "Problem",
    "Quadratic",
    "Rastrigin",
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
    "split",
    "standardize",
    "wine",
]
