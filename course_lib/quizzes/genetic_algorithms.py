"""The quiz of lesson 08."""

from course_lib.quizzes.declare import ask, no, yes

QUESTIONS = (
    ask(
        "A population of 10, tournaments of `k = 2`, each member drawn from all. How likely is the best to win one?",
        no("1/10", "That is its chance with k = 1, when nobody competes."),
        yes("19/100", "It wins unless both draws miss it: 1 - 0.9^2 = 0.19."),
        no("1/2", "It has to be drawn first; drawn, it always wins."),
        no("1", "Only if it were drawn for every tournament."),
    ),
    ask(
        "You raise the pressure: `k` from 3 to 15. What happens first?",
        no("the search gets slower and more thorough", "The other way round: less is tried, and faster."),
        no("nothing: only mutation matters", "Selection decides whose genes are mutated at all."),
        yes(
            "the members become alike in fewer generations",
            "A few parents have all the children. Fast, and it ends in the first good dent: premature convergence.",
        ),
        no("the elite is lost", "The elite survives whatever the pressure is."),
    ),
    ask(
        "Why does the population need mutation when it has crossover?",
        yes(
            "crossover only shuffles genes that are already there",
            "A value that no member has can't appear, and selection keeps removing values.",
        ),
        no("crossover makes invalid children", "For real numbers every child is a valid point."),
        no("to keep the best alive", "That is what the elite is for; mutation endangers it."),
        no("it makes f cheaper", "Each child costs one value, mutated or not."),
    ),
    ask(
        "The best cost in your GA's population rises from one generation to the next. What is the likely cause?",
        no("too small a mutation", "Then it would stand still; it could not rise with an elite."),
        no("too large a population", "More members do not remove the best one."),
        no("bad luck", "With an elite it can't happen at all, lucky or not."),
        yes(
            "the elite is mutated, or there is none",
            "A survivor that is copied bit for bit keeps its cost, so the best can never rise.",
        ),
    ),
    ask(
        "Two tours of cities, one-point crossover. What is the child?",
        no("a tour, shorter than both", "Nothing guarantees that, not even with the right operator."),
        yes(
            "hardly ever a tour: some cities come twice, others never",
            "A permutation needs operators of its own, such as order crossover.",
        ),
        no("always a tour, with the cities of both", "The first half of one and the second half of the other overlap."),
        no("a copy of one parent", "Only when the cut is at an end."),
    ),
    ask(
        "A GA picks features by cross-validated error and reports 2%. What do you expect on new data?",
        no("2%", "The subset was chosen because this very estimate was low."),
        no("less than 2%", "A choice among hundreds by a noisy number is flattered by it, not harmed."),
        yes(
            "more: judge the choice on data that it never saw",
            "The lowest of hundreds of noisy estimates is low partly by luck. In this lesson the luck was most of it.",
        ),
        no("nothing can be said", "Held-out data say it: set them aside before the search."),
    ),
)
