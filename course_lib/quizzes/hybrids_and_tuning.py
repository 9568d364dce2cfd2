"""The quiz of lesson 11."""

from course_lib.quizzes.declare import ask, no, yes

QUESTIONS = (
    ask(
        "Annealing for 200 questions, then descent for 200, is compared with descent for 200. What is wrong?",
        no("nothing: both end with descent", "One of them may ask twice as often."),
        no("annealing is random", "That asks for many seeds, but it is not what is unfair here."),
        yes("the costs differ", "Give descent 400 questions, or each half of the hybrid 100."),
        no("the starts differ", "They may; with many random starts that evens out."),
    ),
    ask(
        "Many separate wells of random depth, and no large-scale shape. What do you try first?",
        yes("many short walks from random places", "Each well is a lottery ticket, and none leads to another."),
        no("one long walk", "It finds the bottom of one well early, and then wastes its steps."),
        no("annealing, then descent", "There is no slope on the large scale that the wandering could feel."),
        no("Newton's method", "It finds the nearest place where the slope is zero, which may even be a top."),
    ),
    ask(
        "Baldwin's individuals pass on the genes they were born with. Why does learning still matter?",
        no("it does not", "Who is selected is decided by the values *after* learning."),
        no("the learned genes come back later", "They never do: that would be Lamarck."),
        no("it makes the walks longer", "The walks are as long in both modes."),
        yes("those who learn well have more children", "So genes near good places spread, by selection alone."),
    ),
    ask(
        "Which of these is a hyperparameter?",
        no("a weight of the output layer", "It has a gradient and is learned: a parameter."),
        yes("the number of hidden units", "No gradient, and asking for its value means training a network."),
        no("the velocity in momentum", "It is the memory of the method, computed along the way."),
        no("the bias of a neuron", "Learned like every weight: a parameter."),
    ),
    ask(
        "Successive halving with 27 settings and eta = 3, first effort 1. What do the three rounds cost?",
        no("27, 9 and 3", "The survivors become fewer, but each of them trains three times as long."),
        yes("27, 27 and 27", "27 settings at 1, 9 at 3, 3 at 9: each round costs the same."),
        no("27, 54 and 81", "The effort is multiplied by eta while the number is divided by it."),
        no("81, 27 and 9", "That would start with the long trainings."),
    ),
    ask(
        "Near a saddle one eigenvalue of the Hessian is negative. What does the safe last step do?",
        no("Newton's step", "It would walk toward the saddle, or climb."),
        no("nothing, and stops", "There is a way down: the gradient shows it."),
        yes("a gradient step", "It goes down for a small rate, whatever the curvature."),
        no("Newton's step with the sign turned", "That mends one direction and spoils the other."),
    ),
)
