"""What the command line offers of grading, a module a group of commands.

    grade     `grade` a folder, `regrade` what has changed
    explain   `explain` a mark as a sum
    adjust    `adjust` a mark by hand
    forget    `forget` a student
    export    `export` marks to other systems
    report    `report`: the class report of an earlier run
    check     `check` one's own notebook

Exit codes: 0 all well, 1 something is wrong or not graded, 2 bad usage or input, 130 ended by ctrl-C.
"""

from course_lib.grading.commands.adjust import add_adjust
from course_lib.grading.commands.arguments import numbers
from course_lib.grading.commands.check import add_check
from course_lib.grading.commands.explain import add_explain
from course_lib.grading.commands.export import add_export
from course_lib.grading.commands.forget import add_forget
from course_lib.grading.commands.grade import add_grade, add_regrade
from course_lib.grading.commands.report import add_report

__all__ = ["add_adjust", "add_check", "add_explain", "add_export", "add_forget", "add_grade", "add_regrade",
           "add_report", "numbers"]  # fmt: skip
