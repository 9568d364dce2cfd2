"""The quiz of lesson 02."""

from course_lib.quizzes.declare import ask, no, yes

QUESTIONS = (
    ask(
        "You measure a slope by `(f(x + h) - f(x - h)) / (2 * h)`. Why not with `h = 1e-13`?",
        no("it is too slow", "Two values, whatever h is."),
        yes(
            "the two values agree in nearly all their digits, and rounding is what is left",
            "The difference of two almost equal numbers keeps few right digits, and dividing by h blows up the rest.",
        ),
        no("the secant is then no tangent", "It is as close to it as can be: it is the arithmetic that fails."),
        no("h must be larger than the learning rate", "The two have nothing to do with each other."),
    ),
    ask(
        "Gradient descent with `lr = 0.5` flies off on a loss. What do you know about its curvature?",
        no("it is below 4 in every direction", "Then the rate would be below 2/L, and a bowl would be safe."),
        yes("it is above 4 in some direction", "The limit is 2/L: a rate of 0.5 is too long where L is above 4."),
        no("it is above 4 in every direction", "One is enough: the steepest direction decides."),
        no("nothing: it is the gradient that is too large", "On a bowl any gradient is fine while lr < 2/L."),
    ),
    ask(
        "On a bowl a rate of 0.01 converges. You take 0.001 to be on the safe side. What do you get?",
        no("a better minimum", "A bowl has one, and both rates end there."),
        no("the same, a little later", "Not a little: each step moves a tenth as far."),
        yes(
            "the same, after about ten times the steps",
            "In the flat directions the factor 1 - lr * lambda comes ten times as close to 1.",
        ),
        no("divergence", "A smaller rate never passes 2/L."),
    ),
    ask(
        "In which case does the negative gradient point to the minimum of a bowl from *every* start?",
        yes("all curvatures are equal", "Then the level lines are circles, and downhill is the radius."),
        no("always: that is what a gradient is", "It is the steepest way from here, and in a valley that is across."),
        no("the rate is small enough", "The direction does not depend on the rate."),
        no("the start is near enough", "A bowl looks the same from near and far: only the scale changes."),
    ),
    ask(
        "You standardize training and test data. Which mean and deviation does the test set get?",
        no("its own", "Then who else is in the test would change the prediction for a patient."),
        no("those of both sets together", "So the training has seen the test set, and the test is no test."),
        yes("those of the training set", "They are part of the model, learned from the training set like its weights."),
        no("none: the test set stays raw", "The weights were learned for scaled features."),
    ),
    ask(
        "The loss has changed by less than 0.0001 in each of the last hundred steps. What do you conclude?",
        no("the minimum is reached", "Along a flat valley, or at a tiny rate, it also changes that little."),
        no("there is a bug", "It is what a long valley looks like."),
        yes(
            "nothing yet: look at the norm of the gradient",
            "The change is about the rate times the squared slope: a small rate hides a slope.",
        ),
        no("the rate is too large", "Then the loss would grow or jump."),
    ),
)
