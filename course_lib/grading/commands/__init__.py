"""What the command line offers of grading, a module a group of commands.

    grade     `grade` a folder, `regrade` what has changed
    explain   `explain` a mark as a sum
    adjust    `adjust` a mark by hand
    forget    `forget` a student
    export    `export` marks to other systems
    report    `report`: the class report of an earlier run
    check     `check` one's own notebook

A module adds its commands by ``add_<command>``. Nothing is imported here: a command loads what it needs when it runs.

Exit codes: 0 all well, 1 something is wrong or not graded, 2 bad usage or input, 130 ended by ctrl-C.
"""
