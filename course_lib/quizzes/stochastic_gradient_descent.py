"""The quiz of lesson 03."""

from course_lib.quizzes.declare import ask, no, yes

QUESTIONS = (
    ask(
        "The gradient of one random example is an *unbiased* estimate of the gradient. What does that say?",
        no("it points roughly downhill", "Far away most do; near the minimum half of them point uphill."),
        no("it has the right length", "A single one may be many times as long as the mean, and usually is."),
        yes(
            "its mean over all examples is the gradient",
            "Wrong each time, and right on average: that is all it says.",
        ),
        no("it becomes exact near the minimum", "There the mean is zero, and single gradients are not."),
    ),
    ask(
        "SGD at a constant rate hovers 0.08 above the lowest loss. About where does it hover at a quarter of the rate?",
        yes("0.02", "The floor is proportional to the rate; with fresh orders it is even a little lower."),
        no("0.04", "That is what half the rate gives, or what a floor like the root of the rate would do."),
        no("0.08, but it gets there later", "It does get there later, and it also hovers lower: shorter throws."),
        no("0.005", "That would be a floor like the square of the rate."),
    ),
    ask(
        "Your data are sorted by class, and the training visits them in that order. The weights are the same at the "
        "end "
        "of each epoch. What do you conclude?",
        no("it has converged to the minimum", "Healthy SGD at a constant rate never stands still."),
        no("the rate is too small", "A smaller rate would hide the trouble, not cause it."),
        no("the gradient is zero", "It is not zero for any single example: the weights travel within each epoch."),
        yes(
            "it goes the same round in each epoch",
            "You look at one place of a round trip. Shuffle, and judge the loss.",
        ),
    ),
    ask(
        "Inverse decay with `t0 = 200`, 500 examples. A colleague sets `t = 0` at the start of each epoch. "
        "What happens?",
        no("nothing: the formula is the same", "The count is part of the formula; it must go on through all epochs."),
        yes(
            "the noise comes back at the start of each epoch",
            "The rate jumps to lr0 and throws the weights off again.",
        ),
        no("the run stops early", "It stops early when the rate falls too fast; here it never falls far."),
        no("it diverges", "The rate is never above lr0, so it is as stable as the first epoch was."),
    ),
    ask(
        "Why does a fresh order in each epoch hover lower than draws with replacement?",
        yes(
            "within an epoch each example is heard once, so the errors cancel",
            "Over a whole epoch the single errors add up to nearly zero; with replacement they do not.",
        ),
        no("it looks at more examples", "Both look at n examples in n steps."),
        no("its gradients are shorter", "They are the same gradients, in another order."),
        no("it always ends with the best example", "No example is the best one, and the last is random."),
    ),
    ask(
        "A million examples, and a model that is needed to moderate precision soon. Which plan looks at the fewest "
        "examples?",
        no("gradient descent at its best rate", "One step has looked at a million before it moves."),
        no("gradient descent at a small rate", "As expensive a step, and more of them."),
        yes(
            "SGD, and a smaller rate or an average at the end",
            "It is near after a part of one pass; then the floor goes.",
        ),
        no("SGD with the smallest rate there is", "It would hover low, but take many passes to get there."),
    ),
)
