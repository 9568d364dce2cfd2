"""The quiz of lesson 06."""

from course_lib.quizzes.declare import ask, no, yes

QUESTIONS = (
    ask(
        "All gradients of one coordinate become ten times as large, from the first step on. What happens to Adagrad's "
        "steps in this coordinate?",
        no("they become ten times as long", "That is gradient descent; here the divisor grows tenfold too."),
        no("they become ten times as short", "So it would be without the root: g over s, in place of g over its root."),
        yes("nothing", "The factor 10 stands above and below the fraction bar and cancels, up to eps."),
        no("they become 3.2 times as long", "The root acts on squares, so the divisor grows by 10, not by its root."),
    ),
    ask(
        "The gradient is constant. After which step is Adagrad's step a hundredth of its first one?",
        no("100", "Step t is 1/sqrt(t) of the first, so step 100 is a tenth."),
        yes("10,000", "The root of 10,000 is 100."),
        no("never: it settles at lr", "RMSProp's does. Adagrad's account only grows."),
        no("1000", "The root of 1000 is about 32."),
    ),
    ask(
        "What is the first step of RMSProp, from `s = 0` and with `rho = 0.99`, for a gradient far above eps?",
        yes("10 times lr", "s is 0.01 g^2 after the first step, its root a tenth of the gradient."),
        no("lr", "Adagrad's is, since its account holds the whole square. Here only 1 - rho of it counts."),
        no("lr / 10", "The division by a root that is too small makes the step longer, not shorter."),
        no("lr times g", "The size of g cancels: it stands in the root too."),
    ),
    ask(
        "A valley of condition number 100 lies along the axes. You turn it by 45 degrees. Who notices?",
        no("nobody: it is the same valley", "For whoever works coordinate by coordinate it is not: the axes count."),
        no("gradient descent and momentum", "They see arrows, not coordinates: their paths turn with the valley."),
        no("all of them", "Gradient descent and momentum take exactly as many steps as before."),
        yes("Adagrad and RMSProp", "They stretch along the axes, and a slanted valley stays a slanted valley."),
    ),
    ask(
        "At the end of a training run with RMSProp the loss no longer falls and jitters. What do you try first?",
        no("a larger eps", "It would blend RMSProp into gradient descent and change all rates."),
        yes("a rate that falls", "Near the minimum RMSProp still moves by about lr a step: only lr can calm it."),
        no("a smaller rho", "Less memory makes each step more like lr times a sign: more jitter."),
        no("more steps", "At a constant rate it never comes to rest."),
    ),
    ask(
        "The weight of a rare word has had no gradient for a thousand steps (RMSProp, `rho = 0.9`). Now one comes. How "
        "long is its step?",
        yes(
            "about 3 times lr, whatever the gradient's size",
            "The account is empty again, so this is like a first step: 1/sqrt(1 - rho) times lr.",
        ),
        no("0, since s has become 0", "s is in the divisor: a small s makes steps long."),
        no("g times lr / eps", "It would be if the old s divided; the new square is paid in before."),
        no(
            "about lr / 30, since a thousand steps have passed",
            "Steps slow down with their number in Adagrad, and there only steps with a gradient count.",
        ),
    ),
)
