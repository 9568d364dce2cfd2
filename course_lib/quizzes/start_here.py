"""The quiz of lesson 00."""

from course_lib.quizzes.declare import ask, no, yes

QUESTIONS = (
    ask(
        "You change a function in a cell and run the *next* cell. What does that cell use?",
        no("the function as you see it", "The kernel knows only what was run; what is on the page does not count."),
        yes("the function as it was last run", "Editing changes the page, running changes the kernel."),
        no("neither: it raises an error", "The old definition is still there, so nothing looks wrong: the trap."),
        no("whichever is newer", "The kernel can't see what was not run."),
    ),
    ask(
        "Your numbers look odd and you no longer know what was run in which order. What helps most?",
        no("run the last cell again", "It runs on the same mixed-up state."),
        no("save the notebook", "Saving keeps the page, not the state, and mends nothing."),
        no("delete the outputs", "The outputs go, the odd state stays."),
        yes("restart the kernel and run all cells", "Then page and kernel agree again, from top to bottom."),
    ),
    ask(
        "What is `mse` of predictions that are all right but one, which is off by 10, for 100 values?",
        yes("1", "100 squared errors, one of them 100, the others 0: the mean is 1."),
        no("10", "That is the error itself, or the root of 100: it is squared, and then the mean is taken."),
        no("100", "That is the sum of the squares; the mean divides by 100."),
        no("0.1", "That is the mean absolute error."),
    ),
    ask(
        "Method A has a loss of 0.1 after 50 steps, B 0.2. A step of A asks for 10 values, one of B for one. Who wins?",
        no("A: it has the lower loss", "It was allowed to ask 500 times, B only 50."),
        no("B: its steps are cheap", "Cheap, but at 50 values we only know B's loss, not A's."),
        yes("nobody yet", "Compare at equal cost: give B 500 values too, or stop A after 5 steps."),
        no("both", "A race has an end at which one compares: here the two ended at different costs."),
    ),
    ask(
        "The curve of the best so far is flat for a long while. What do you know?",
        no("the minimum is found", "Perhaps; or the method is stuck, or it wanders on a plateau."),
        no("the method has stopped", "It may be trying without finding anything better."),
        yes("nothing better was found in that time", "That is all the curve says, and it is worth no more."),
        no("the losses are all equal", "They may go up and down above the best one."),
    ),
    ask(
        "A check says: right, but your function modifies its argument. Why does that matter?",
        no("it is slower", "It is often faster. That is why people do it."),
        yes(
            "whoever called still needs the old value",
            "A path that notes x, and an x that changes in place: every entry of the path is the last point.",
        ),
        no("Python forbids it", "It does not, and gives no warning."),
        no("only the grader cares", "The bug clinic of lesson 02 is made of it."),
    ),
)
