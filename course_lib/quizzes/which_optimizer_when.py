"""The quiz of lesson 12."""

from course_lib.quizzes.declare import ask, no, yes

QUESTIONS = (
    ask(
        "Method A was given forty rates to try on the test problem, method B its default. A wins. What do you know?",
        no("A is better", "It had forty chances on the very problem it was judged on."),
        no("B needs no tuning", "Nobody tried whether tuning would have helped it."),
        yes(
            "nothing about the methods yet",
            "Tune both with the same number of trials, on other problems, then race on these.",
        ),
        no("A is better, if the forty trials are added to its cost", "Even then it was tuned on what it is judged by."),
    ),
    ask(
        "One step of method A asks for one gradient, one generation of method B for 40 values. Both take 500 steps. "
        "What is compared?",
        yes("a budget of 500 with one of 20,000", "Equal steps are no equal cost: count values and gradients."),
        no("two methods at equal cost", "A generation of 40 members asks forty times."),
        no("speed in seconds", "Seconds were not measured, and they differ from machine to machine."),
        no("nothing, since B is random", "With enough seeds a random method can be compared very well."),
    ),
    ask(
        "The interval of the mean difference A - B, 30 paired seeds, is [-0.4, 2.1]. The claim says: A is larger.",
        no("supported: the middle is positive", "So is the middle of half of all pure noise."),
        no("refuted", "The interval holds values for which the claim is true."),
        no("supported, since most of the interval is positive", "Most is not all: the study cannot tell."),
        yes("undecided", "The interval lies on both sides of zero: more seeds, or no verdict."),
    ),
    ask(
        "Both methods run on the same thirty seeds. Why is the interval of the differences narrower than that of "
        "unpaired runs?",
        no("there are more numbers", "There are thirty differences, fewer numbers than sixty runs."),
        yes(
            "what a hard seed does to both cancels",
            "The difference within a pair keeps only what the methods do differently.",
        ),
        no("the differences are always smaller", "They need not be; they vary less."),
        no("it is not: pairs make it wider", "Only if the two were negatively correlated."),
    ),
    ask(
        "In a performance profile a curve starts at 0.1 and ends at 1.0. Which method is that?",
        no("a fast one that often fails", "That would start high and end below 1."),
        no("the best of all", "At tau = 1 it is the fastest on one problem in ten only."),
        yes("a slow one that always arrives", "Seldom the fastest, but given enough cost it solves every problem."),
        no("one that solves a tenth of the problems", "The right end says which share is solved at all: everything."),
    ),
    ask(
        "A friend asks which optimizer is the best one. What does this lesson answer?",
        no("Adam", "On tours, bits and terraces it can't even be applied, and in many wells it stays in the first."),
        no("all are equal, by the no-free-lunch theorem", "On average over all functions; nobody works on all."),
        no("the one that won most classes here", "Your problem is one class, not the mean of twelve."),
        yes(
            "it depends on the problem, and here is the table",
            "Gradient or none, scales, noise, wells: these decide, and they can be looked at beforehand.",
        ),
    ),
)
