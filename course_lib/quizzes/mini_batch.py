"""The quiz of lesson 04."""

from course_lib.quizzes.declare import ask, no, yes

QUESTIONS = (
    ask(
        "1000 examples, batches of 64, two epochs. How many updates are made?",
        no("2", "That would be one update an epoch: batches of all 1000."),
        no("30", "1000 / 64 is 15.6: the last, smaller batch is an update too."),
        yes("32", "15 full batches and one of 40 make 16 updates an epoch."),
        no("2000", "One example at a time; here 64 share an update."),
    ),
    ask(
        "The batch grows from 16 to 64 examples out of a great many. What becomes of the *standard deviation* of its "
        "gradient?",
        yes("it halves", "The variance falls to a quarter, and the standard deviation is its root."),
        no("it falls to a quarter", "The variance does. Four times the work buys half the scatter."),
        no("it stays", "Averaging more examples cancels more of the noise."),
        no("it falls to a sixteenth", "That is far too good: averages get better with the root of the number."),
    ),
    ask(
        "Batches of 32 train well at the rate 0.1. You double the batch size and keep the number of epochs. Which rate "
        "do you try first?",
        no("0.1", "There are half as many updates: at the same rate you come half as far."),
        yes("0.2", "Half the updates, twice as long: the same way in an epoch, as long as 0.2 is not too large."),
        no("0.05", "Half as many updates of half the length: a quarter of the way."),
        no("0.4", "That is the rule squared; the map of the lesson has its bands at b times 2, rate times 2."),
    ),
    ask(
        "The batches have 100, 100 and 20 examples and the mean losses 1.0, 1.0 and 2.0. What is the loss of the "
        "epoch?",
        no("1.33", "That is the mean of the means: here 20 examples count as much as 100."),
        no("2.0", "That is the last batch alone."),
        no("4.0", "That is the sum of the means."),
        yes("1.09", "(100 + 100 + 40) / 220: each mean weighed with its examples."),
    ),
    ask(
        "The data are sorted by class, and somebody cuts batches without shuffling. What happens?",
        no("nothing: an epoch sees the same examples", "Each batch pulls toward one class only."),
        yes(
            "each batch pulls toward its own class, and the last classes win",
            "The gradients of the batches are far from the full one, and always in the same order.",
        ),
        no("training is slower by a constant factor", "It is worse: each epoch ends with the first classes forgotten."),
        no("the gradient becomes zero", "It is large, and points to the wrong place."),
    ),
    ask(
        "A run has 50 epochs of 40 updates. What does `t` count in `warmup_cosine(t, T, ...)`, and what is `T`?",
        yes("updates since the beginning of the run; T = 2000", "The schedule spans the whole run, once."),
        no("updates since the beginning of the epoch; T = 40", "Then the rate would go up and down in every epoch."),
        no("examples; T = 2000 times the batch size", "It is called once an update, with the updates so far."),
        no("seconds; T is how long the run takes", "Nobody knows that beforehand, and the run could not be repeated."),
    ),
)
