"""From submissions to marks. The process that scores never runs a line that a student wrote.

    notebook      read a submission: never fails, never runs anything
    channel       plain data over a socket, both sides
    sandbox       the scorer's side of a confined process: start it, call it, end it; launch, nursery, start: from where
    zygote, child, confine, standins     the other side, where a student's code runs; memoryless: when one is enough
    grade, examination    one submission to verdicts: what is asked in which process, and what of it is told;
                  second, reuse: what is asked twice, as a process may say of itself what it likes
    submissions   find them, in whichever way they were collected; intake: archives, layouts, times; roster: who is who
    worklist, fingerprint     what is due, and why: what has not changed is not graded again
    batch, load   grade many, on all cores; who ran out of time because the machine was busy
    gradebook, store      what was found, in one SQLite file
    marks, rules, rules_file      from there to what counts: records, attempts, lateness, corrections by hand
    files, outputs, report, summary       grades.csv, grades.json, a feedback page for each student, the last words
    exports       marks for Canvas, Moodle, Gradescope and spreadsheets; gradescope: its results and its autograder
    explain       one mark as a sum, with the hidden case that failed
    class_report  a page on the class: class_numbers counts, similarity compares code by its prints,
                  which are kept with the submission
    bar           the progress bar and the log
    cluster       the same work on a Dask cluster; scorer, the process that does it there
    commands      what the command line offers

Nothing is imported here: the confined side is part of this package, and must not load references.
"""
