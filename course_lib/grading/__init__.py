"""From submissions to marks. The process that scores never runs a line that a student wrote.

    notebook      read a submission: never fails, never runs anything
    channel       plain data over a socket, both sides
    sandbox       the scorer's side of a confined process: start it, call it, end it
    zygote, child, confine, standins     the other side, where a student's code runs
    grade         one submission to verdicts
    submissions   find them, in whichever way they were collected; intake: archives, layouts, times; roster: who is who
    batch         grade many, on all cores
    exports       marks for Canvas, Moodle, Gradescope and spreadsheets; gradescope: its results and its autograder
    gradebook     records, grades.csv, grades.json
    report        a feedback page for each student
    commands      what the command line offers

Nothing is imported here: the confined side is part of this package, and must not load references.
"""
