"""The experiments of claims h to n: annealing, second-order ideas, tuning, and feature selection."""
