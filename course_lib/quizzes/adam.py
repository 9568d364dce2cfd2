"""The quiz of lesson 07."""

from course_lib.quizzes.declare import ask, no, yes

QUESTIONS = (
    ask(
        "An average with `beta = 0.9` begins at 0. What does the correction divide it by after 3 steps?",
        no("0.1", "That is 1 - beta, right after the first step only."),
        no("0.729", "That is beta^3, the share of the 0 at the beginning. The data have the rest."),
        yes("0.271", "1 - 0.9^3: what the shares of the three data add up to."),
        no("0.3", "Three times 0.1 would be the sum if the shares did not shrink from step to step."),
    ),
    ask(
        "You multiply the loss by 100 and leave everything else as it is. What does Adam do (`eps` is tiny)?",
        yes("it takes the same path", "Average and root of the average square both grow by 100: that cancels."),
        no("its steps grow by 100", "Gradient descent's are; Adam divides by the root of the average square."),
        no("its steps shrink by 100", "They would be if it divided by the square, without the root."),
        no("its first steps differ, the rest is the same", "The correction holds from the first step on."),
    ),
    ask(
        "Adam without bias correction, with `beta1 = 0.9` and `beta2 = 0.999`: how long is the first step?",
        no("a tenth of the rate", "The numerator alone is a tenth; the divisor is small as well, and smaller."),
        no("the rate", "That is what the two corrections achieve."),
        no("31.6 rates", "That is RMSProp with a memory of 0.999; here the numerator begins small too."),
        yes("3.16 rates", "0.1 / sqrt(0.001) is the root of 10, and it goes on growing up to 6.57 at step 12."),
    ),
    ask(
        "Gradients in a layer are about `1e-9`, and `eps = 1e-3`. How does Adam move that layer?",
        no("by a rate a step, as everywhere", "That holds only where gradients are much larger than eps."),
        yes(
            "hardly at all: like momentum with the rate lr / eps",
            "The divisor is eps, so the step is lr * 1e-9 / 1e-3, a millionth of the rate.",
        ),
        no("it divides by 0", "eps is what prevents that."),
        no("a million rates a step", "eps makes the divisor larger, so the step becomes shorter."),
    ),
    ask(
        "Why does L2 in the gradient not act as weight decay in Adam?",
        no("Adam ignores constant terms", "It ignores nothing: the penalty's gradient enters both averages."),
        no("its factor is 1/2", "A factor could be put right by another lambda. This can't."),
        yes(
            "it is divided by the root of the average square",
            "Where gradients are large the pull is divided away; where they are small it is blown up.",
        ),
        no("the decay needs a bias correction", "The decay has no average that began at 0."),
    ),
    ask(
        "Which problem is Adam's usual long memory of squares, `beta2 = 0.999`, bad for?",
        yes(
            "gradients with rare, huge outliers",
            "One of them stays in v for a thousand steps and shortens them all; a short memory has forgotten it soon.",
        ),
        no("rare words", "There the long memory helps: between two gradients of a rare word it does not forget."),
        no("Reddi's cycle of three slopes", "A short memory fails there. A long one sees the whole cycle."),
        no("problems with large gradients", "The size cancels, whatever the memory."),
    ),
)
