"""The quiz of lesson 01."""

from course_lib.quizzes.declare import ask, no, yes

QUESTIONS = (
    ask(
        "A full grid over four hyperparameters takes an hour. You add a fifth one, with eight values. How long now?",
        no("an hour and a bit", "Each value of the new axis needs the whole old grid again."),
        no("five quarters of an hour", "That would be one more axis in a sum; the axes multiply."),
        yes("eight hours", "Every one of the old combinations is now tried with each of eight values."),
        no("eight to the fifth hours", "The old four axes are paid for already: the hour is multiplied by 8 once."),
    ),
    ask(
        "Sixteen trials, two hyperparameters, of which (you do not know which) only one matters. How many different "
        "values of that one does a 4 by 4 grid try, and how many random search?",
        yes("4 and 16", "The grid repeats each of its four values four times; random draws are all different."),
        no("16 and 16", "The grid has 16 points, but on each axis only four values."),
        no("4 and 4", "Random draws fall into no columns: each has a value of its own."),
        no("16 and 4", "The other way round."),
    ),
    ask(
        "You look for a learning rate between 0.0001 and 1, at random. What do you draw evenly?",
        no("the rate", "Nine draws of ten would lie above 0.1, and one in a thousand below 0.001."),
        yes("the logarithm of the rate", "Then each power of ten gets the same share of the trials."),
        no("the square of the rate", "That pushes the draws further toward 1."),
        no("one over the rate", "Between 1 and 10,000: nine of ten draws would be rates below 0.001."),
    ),
    ask(
        "The inertia of k-means is smaller with k = 9 than with k = 3. What follows?",
        no("nine clusters fit these data better", "More centers are nearer to the points in any data, even in noise."),
        no("k-means with k = 3 ended badly", "It may have, but the comparison does not show it."),
        no("one should go on to k = 10", "It will be smaller again, down to 0 with a center for each point."),
        yes("nothing about the number of clusters", "Inertia compares groupings with the same k."),
    ),
    ask(
        "Why is k-means started several times?",
        no("to average the centers", "Centers of different runs do not belong together; the best run is kept whole."),
        yes("because a run ends in a well that depends on its start", "It only walks downhill. The best of several "
            "ends is kept: a random search over starts."),
        no("because Lloyd's steps are random", "The steps are not: the same start always ends at the same place."),
        no("to find the right k", "All these runs have the same k."),
    ),
    ask(
        "You tried 200 settings, and the best has a cross-validated error of 4.0%. What do you expect on new data?",
        no("4.0%", "It was chosen *because* its score was low, and part of that was luck."),
        no("less than 4.0%, since the final model trains on all data", "That helps a little; the luck of the best of "
           "200 is gone for certain."),
        yes("somewhat more than 4.0%", "The best of many scores is also the luckiest. A test part that was never used "
            "for choosing tells how much."),
        no("nothing can be said", "Cross-validation says a lot; its minimum is a little too good."),
    ),
)  # fmt: skip
