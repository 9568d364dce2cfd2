"""What is minimized: test functions with a card each, losses on data, small real data sets, clusters."""

from .clustering import Clusters, Medoids, inertia, kmeans, lloyd, silhouette
from .datasets import DATASETS, Dataset, breast_cancer, diabetes, digits, iris, split, standardize, wine
from .models import LeastSquares, Logistic, OneHidden, Softmax, add_intercept
from .problem import Problem
from .recurrence import Recurrence, leaky_sum
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
from .tours import Cities, all_tours, berlin52, distances, random_cities, shortest_tour, tour_length
from .validation import Neighbors, Ridge, cross_validate, k_fold
from .words import Cycle, SkipGram
from .wrapped import Fenced, Tilted

__all__ = [
    "DATASETS",
    "SURFACES",
    "Ackley",
    "Beale",
    "Card",
    "Cities",
    "Clusters",
    "Cycle",
    "Dataset",
    "FeatureSelection",
    "Fenced",
    "Griewank",
    "Himmelblau",
    "LeastSquares",
    "Logistic",
    "Medoids",
    "Neighbors",
    "OneHidden",
    "Problem",
    "Quadratic",
    "Rastrigin",
    "Recurrence",
    "Ridge",
    "Rosenbrock",
    "Schwefel",
    "SkipGram",
    "Softmax",
    "StyblinskiTang",
    "Surface",
    "Tilted",
    "Wells",
    "add_intercept",
    "all_tours",
    "berlin52",
    "bowl",
    "breast_cancer",
    "cross_validate",
    "diabetes",
    "digits",
    "distances",
    "inertia",
    "iris",
    "k_fold",
    "kmeans",
    "leaky_sum",
    "lloyd",
    "random_cities",
    "shortest_tour",
    "silhouette",
    "split",
    "standardize",
    "tour_length",
    "wine",
]
