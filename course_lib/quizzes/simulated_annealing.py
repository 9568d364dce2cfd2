"""The quiz of lesson 09."""

from course_lib.quizzes.declare import ask, no, yes

QUESTIONS = (
    ask(
        "A candidate is worse by 3, the temperature is 1.5. With what probability is it accepted?",
        no("0.011", "That is exp(-3 * 1.5): delta is divided by the temperature, not multiplied."),
        yes("0.135", "exp(-3 / 1.5) = exp(-2)."),
        no("0.5", "No fixed number: it depends on how much worse and on how hot."),
        no("0, it is worse", "That is hill climbing. Annealing takes something worse now and then."),
    ),
    ask(
        "Why is the best state kept apart from the current one?",
        no("to save calls of f", "Both values are known without another call; that is not the reason."),
        no(
            "so that candidates can be compared with it",
            "They are compared with the current one; against the best a walk could not climb over a barrier.",
        ),
        yes("a hot walk leaves good states behind", "It has to, to cross barriers; what it met is remembered."),
        no("the best is where the next neighbor is tried", "Then a worse state would never lead anywhere."),
    ),
    ask(
        "What does it cost to know how much a 2-opt move changes the length of a tour of 1000 cities?",
        yes("four look-ups of distances", "Two edges go and two come; the others stay, walked the other way."),
        no("1000 look-ups", "That is the length of a whole tour: all but four of its edges cancel."),
        no("as many as the stretch has cities", "Inside the stretch no edge changes: distances are symmetric."),
        no("half a million", "That is the number of moves there are, not the cost of one."),
    ),
    ask(
        "In a run nine in ten candidates are still accepted in the last steps. What is the matter?",
        no("nothing: a high acceptance is good", "At the end the walk is to settle; this one still wanders."),
        no("the moves are too large", "Large moves are mostly rejected when it is cold; here nearly all pass."),
        no("the start was bad", "After so hot a walk nobody knows any more where it started."),
        yes(
            "the last temperature is too high",
            "Measured in what a move changes, it is still hot: cool further, down to a few percent.",
        ),
    ),
    ask(
        "All values of f are multiplied by 1000. What has to change, so that the same seed takes the same walk?",
        no("nothing", "exp(-delta / T) would change: all deltas are 1000 times as large."),
        yes("all temperatures, times 1000", "Only delta / T counts; a temperature has the units of f."),
        no("the number of steps", "The walk would be another one from the first worse candidate on."),
        no("the size of the moves", "They are made in the space of states, which has not changed."),
    ),
    ask(
        "A greedy search with *long* jumps does as well as annealing on our line with wells. What follows?",
        yes(
            "annealing helps where moves are local",
            "Jumps that reach the next well need no climbing. For tours nobody has such jumps.",
        ),
        no("annealing is never needed", "On tours, with 2-opt moves, the greedy search stays behind."),
        no("the annealing has a bug", "It does what it should; there was no barrier left to cross."),
        no("a hotter start would help", "Heat helps to climb; where nothing needs climbing it only delays."),
    ),
)
