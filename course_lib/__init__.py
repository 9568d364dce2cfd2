"""Optimization for machine learning: the library behind the lessons.

Read from the top down; imports only ever point up this list.

    lessons      the one list of lessons
    problems     what is minimized: surfaces, models with data, data sets, tours, words
    optimizers   states and steps: the heart; beside it schedules, annealing, genomes, second_order, stability
    run          the loop, the ledger of costs, races at equal cost
    plots        figures from a problem and a trace; formula beside code
    calling      how a function is called and watched; records, givens, probes: what with; wire: how it travels
    exercises    one module a lesson: contract, reference, zoo of mistakes
    checking     examine an exercise: a verdict that names the mistake
    widgets      figures to play with
    learner      what a notebook calls: your_turn, check, hint, predict, quiz
    grading      submissions to grades and feedback
    release      sources to notebooks
"""
