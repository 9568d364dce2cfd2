"""The quiz of lesson 10."""

from course_lib.quizzes.declare import ask, no, yes

QUESTIONS = (
    ask(
        "A bowl in 50 dimensions with condition number a million. How many steps does Newton's method need?",
        no("about a million", "That is gradient descent; curvature is what Newton divides by."),
        no("about a thousand, the root of it", "That is momentum at its best."),
        yes("one", "On a bowl the parabola that fits is the bowl itself, whatever its condition number."),
        no("50, one for each dimension", "The linear system is solved for all dimensions at once."),
    ),
    ask(
        "Newton's method starts near a saddle. Where does it go, if nobody interferes?",
        yes("to the saddle", "It looks for a level point of the parabola, and does not ask which kind it is."),
        no("to the nearest minimum", "Only where all eigenvalues of the Hessian are positive."),
        no("away from the saddle", "Gradient descent does. Newton is attracted by every point with slope 0."),
        no("it stops with an error", "The Hessian of a saddle is not singular; the equations have a solution."),
    ),
    ask(
        "Why does backtracking ask for `f(x + t*d) <= f(x) + c*t*(g @ d)` and not only for `f(x + t*d) < f(x)`?",
        no("since it is cheaper", "Both ask for one value a trial."),
        no("to find the best t on the line", "It takes the first that is good enough; the best would cost more."),
        no("so that d may point uphill", "For a direction that climbs neither helps: no short step falls."),
        yes(
            "since falls that get smaller and smaller may end anywhere",
            "With the share c of the promised fall, a run can stop only where the slope is 0.",
        ),
    ),
    ask(
        "What does BFGS pay for a step, with d weights?",
        no("a Hessian, worth d gradients", "That is Newton's price."),
        yes(
            "one gradient, and the values of the line search", "The curvature is learned from gradients it has anyway."
        ),
        no("d gradients, one for each row", "That would be a Hessian by differences."),
        no("nothing but values", "Its direction needs the gradient."),
    ),
    ask(
        "You clip by global norm and the loss no longer blows up, but it dances and never settles. What is it?",
        no(
            "the threshold is too large",
            "A larger threshold lets more through, but near the minimum nothing is clipped.",
        ),
        yes(
            "the rate is above 2/L: near the minimum gradients are short and clipping does nothing there",
            "Clipping bounds the step; whether the last steps shrink is a matter of the rate.",
        ),
        no("clipping has a bug", "It does what it promises: no step is longer than rate times threshold."),
        no("one should clip by value", "That bends the direction as well and leaves the rate as it is."),
    ),
    ask(
        "A loss curve: 2.31, 2.30, 2.29, ... an even fall, and after 70 steps 70% is left. What first?",
        yes(
            "a larger rate",
            "An even, slow fall is what a rate that is too small looks like; a range test says how large.",
        ),
        no("clip the gradients", "Nothing here is too long."),
        no("a smaller rate", "It would fall more slowly still."),
        no("stop early", "It still falls: there is no sign that it has learned what it can."),
    ),
)
