"""The quiz of lesson 05."""

from course_lib.quizzes.declare import ask, no, yes

QUESTIONS = (
    ask(
        "The gradient is constant. What does the velocity of the heavy ball settle at, with `beta = 0.9`?",
        no("`-lr * g`", "That is the first step only: each further one adds to what is kept of the velocity."),
        yes("`-10 * lr * g`", "In balance v = 0.9 v - lr g, so 0.1 v = -lr g."),
        no("`-0.9 * lr * g`", "That would be a velocity smaller than the very first step."),
        no("it grows without end", "It would with beta = 1; with 0.9 a tenth of the velocity is lost each step."),
    ),
    ask(
        "Why does the ball zigzag less than gradient descent in a narrow valley?",
        yes(
            "the pulls across the valley change sign and cancel in the velocity",
            "And the pull along the valley keeps its sign, so it adds up.",
        ),
        no("its rate is smaller", "The rate may be the same, or larger: momentum even allows a longer one."),
        no(
            "it computes the curvature",
            "It sees gradients only. The curvature shows in how they change, not in a matrix.",
        ),
        no("it takes fewer steps", "That is what follows, not why."),
    ),
    ask(
        "The condition number of a bowl grows from 100 to 10,000. At their best, how do the steps grow?",
        no("both by 100", "Gradient descent does; the heavy ball depends on the root of the condition number."),
        yes("gradient descent by 100, the heavy ball by 10", "kappa against the root of kappa."),
        no("gradient descent by 10, the heavy ball by 100", "The other way round."),
        no("neither: the rate adapts", "No rate takes the condition number away; it only balances the two ends."),
    ),
    ask(
        "You move from `v = beta*v + (1-beta)*g; x = x - lr*v` with `lr = 0.1`, `beta = 0.9` to the heavy ball. Which "
        "rate?",
        no("1.0", "That is lr / (1 - beta), the wrong way round: the ball would roll ten times too far."),
        no("0.1", "The averaged form weighs each gradient with 0.1; the ball hears it in full."),
        yes("0.01", "lr * (1 - beta): then v of the ball is -lr times the average, step by step."),
        no("0.09", "That is lr * beta; the gradient's weight in the average is 1 - beta."),
    ),
    ask(
        "Where does Nesterov's method ask for the gradient?",
        no("at x", "That is the heavy ball."),
        no("at x + v", "Of the velocity only the share beta survives the step."),
        yes("at x + beta v", "Where the velocity would carry it: it looks before it leaps."),
        no("at x and at x + v, and averages", "It asks for one gradient a step, no more than the heavy ball."),
    ),
    ask(
        "Momentum in your training swings: the loss goes up and down with a long period. What do you try first?",
        yes(
            "a smaller beta", "Long swings are too little friction: more is lost each step, and the ball comes to rest."
        ),
        no("a larger beta", "Even less friction: the swings last longer."),
        no("a larger rate", "It makes the ball faster, not calmer, and may pass the border of divergence."),
        no("more steps", "They would die out in the end; friction does it sooner."),
    ),
)
