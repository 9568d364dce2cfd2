"""Marks for other systems: the right number beside the right student, and nothing that bites whoever opens the file."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from demo_submissions import AVERAGED, untouched, worksheet, write

from course_lib import exercises
from course_lib.__main__ import main
from course_lib.grading import exports, gradescope, roster
from course_lib.grading.marks import Record

IDS = [one.id for one in exercises.of_lesson("05")]
STARRED = next(one.id for one in exercises.of_lesson("05") if one.starred)


def mark(student, exercise="momentum.step", points=3.0, status="right", lesson="05", message="Right."):
    most = exercises.get(exercise).points
    return Record(student, lesson, exercise, points, most, status, "", message)


def whole(student):
    return [mark(student, one.id, one.points) for one in exercises.of_lesson("05")]


def absent(student):
    return [mark(student, id, 0.0, "not submitted", message="No notebook was handed in.") for id in IDS]


RECORDS = [mark("ada"), mark("zoe", points=1.5, status="wrong", message="You average."), *absent("bob")]
CLASS = """\
id,name,email,canvas_id,login
ada,Ada Lovelace,ada@x.org,12345,alove
zoe,"O'Neil, Zoë",z@x.org,12346,zon
bob,Bob,b@x.org,12347,bob
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,HW 02 (71),05 Momentum (72),Quizzes Current Score
,,,,,Manual Posting,,
    Points Possible,,,,,10,10,(read only)
"Lovelace, Ada",12345,s1,alove,A,9,,50
"Muster, Max",999,s9,max,A,8,2,60
"O'Neil, Zoë",12346,s2,zon,B,7,,70
"Student, Test",1,,x,A,,,
"""
MOODLE = """\
First name,Last name,ID number,Email address,Assignment: Momentum (Real)
Ada,Lovelace,ada,ada@x.org,-
Max,Muster,max,m@x.org,2
"""
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade
Participant 7,Zoë O'Neil,z@x.org,Submitted,,10
"""


def people(tmp_path, text=CLASS):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return roster.read(path)


def rows(made):
    return list(csv.reader(io.StringIO(made.text)))


# ---------------------------------------------------------------------------------------------------------- plain


def test_the_plain_table_has_a_row_a_student_and_lesson(tmp_path):
    """Broken: names of the roster are lost, or who handed nothing in is given a zero."""
    table = list(csv.DictReader(io.StringIO(exports.plain(RECORDS, people(tmp_path)).text)))
    seen = [(row["student"], row["name"], row["momentum.step"], row["total"], row["status"]) for row in table]
    assert seen == [("ada", "Ada Lovelace", "3", "3", "graded"), ("bob", "Bob", "0", "", "not submitted"),
                    ("zoe", "O'Neil, Zoë", "1.5", "1.5", "graded")]  # fmt: skip


def test_points_that_were_given_by_hand_are_never_blank():
    """Broken: a student who handed in on paper and was given points by hand has none in Canvas."""
    by_hand = [mark("bob", points=2.0, status="not submitted")]
    assert rows(exports.canvas(by_hand))[2][-1] == "2"


def test_json_lines_hold_every_record():
    """Broken: a script that reads the marks line by line misses some."""
    read = [Record(**json.loads(line)) for line in exports.lines(RECORDS).text.splitlines()]
    assert read == RECORDS


@pytest.mark.parametrize("to", [exports.plain, exports.canvas, exports.moodle])
def test_no_cell_is_a_formula(to):
    """Broken: a student's name runs a program on the teacher's machine."""
    made = to([mark("=cmd|' /C calc'!A0"), mark("@SUM(1)"), mark("-2+3"), mark("\t=1")])
    bad = [cell for row in rows(made) for cell in row if cell[:1] in tuple("=+-@\t\r")]
    assert made.text and not [cell for cell in bad if cell]


def test_a_number_below_zero_stays_a_number():
    """Broken: a deduction turns into a text, and the sum of the column is wrong."""
    assert exports.safe("-1.5") == "-1.5" and exports.safe("-1.5+2") == "'-1.5+2"


# --------------------------------------------------------------------------------------------------------- Canvas


def test_the_template_of_canvas_is_filled_by_student(tmp_path):
    """Broken: marks stand beside the wrong students, or an import changes other assignments."""
    made = exports.canvas(RECORDS, people(tmp_path), CANVAS)
    assert rows(made) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "05 Momentum (72)"],
        ["", "", "", "", "", ""],
        ["    Points Possible", "", "", "", "", "10"],
        ["Lovelace, Ada", "12345", "s1", "alove", "A", "3"],
        ["Muster, Max", "999", "s9", "max", "A", "2"],
        ["O'Neil, Zoë", "12346", "s2", "zon", "B", "1.5"],
        ["Student, Test", "1", "", "x", "A", ""],
    ]
    assert made.notes == ("bob has no row in the template: nobody of this name or number.",)


def test_students_as_canvas_names_them_find_their_rows():
    """Broken: without a roster, marks of a Canvas download cannot be entered in Canvas."""
    made = exports.canvas([*whole("lovelaceada_12345"), *whole("zon")], None, CANVAS)
    assert [row[-1] for row in rows(made)[3:]] == ["11", "2", "11", ""] and not made.notes


def test_two_students_for_one_row_are_told(tmp_path):
    """Broken: of two that claim a row the last one wins, in silence."""
    made = exports.canvas([*whole("alove"), *absent("x_12345")], None, CANVAS)
    assert made.notes == ("x_12345 has no row in the template: alove has it.",) and rows(made)[3][-1] == "11"


def test_another_maximum_is_told():
    """Broken: 3 of 3 points arrive as 3 of 10."""
    (note,) = exports.canvas(whole("alove"), None, CANVAS.replace(",10,10,", ",10,100,")).notes
    assert note == "05 Momentum (72) is out of 100 in the template, and lesson 05 is out of 10."


@pytest.mark.parametrize(("heading", "message"), [
    ("Homework (72)", "no column is that of lesson 05"),
    ("05 first (72),Momentum and more (73)", "could be that of lesson 05"),
])  # fmt: skip
def test_a_column_that_cannot_be_told_is_asked_for(heading, message):
    """Broken: marks go into a column that looked similar."""
    template = "\n".join(["Student,ID,SIS Login ID,Section," + heading, '"L, A",12345,alove,A,,', ""])
    with pytest.raises(ValueError, match=message):
        exports.canvas([mark("alove")], None, template)
    told = exports.canvas([mark("alove")], None, template, {"05": heading.split(",")[0]})
    assert rows(told)[1][-1] == "3"


def test_without_a_template_the_table_is_what_canvas_reads(tmp_path):
    """Broken: Canvas refuses the file, since it wants these columns in this order."""
    table = rows(exports.canvas(RECORDS, people(tmp_path)))
    assert table[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "05 Momentum and Nesterov"]
    assert table[1] == ["    Points Possible", "", "", "", "", "10"]
    assert table[2] == ["Ada Lovelace", "12345", "ada", "alove", "", "3"]
    assert table[4] == ["Bob", "12347", "bob", "bob", "", ""]


# --------------------------------------------------------------------------------------------------------- Moodle


def test_the_gradebook_of_moodle_is_filled(tmp_path):
    """Broken: marks stand beside the wrong students, or those of others are emptied."""
    made = exports.moodle(RECORDS, people(tmp_path), MOODLE)
    assert [row[-1] for row in rows(made)[1:]] == ["3", "2"]
    assert [note.split()[0] for note in made.notes] == ["zoe", "bob"]


def test_the_grading_worksheet_of_moodle_is_filled(tmp_path):
    """Broken: the one file that keeps a blind marking blind cannot be used."""
    made = exports.moodle([mark("zoe", points=2.0)], people(tmp_path), WORKSHEET)
    assert rows(made)[1] == ["Participant 7", "Zoë O'Neil", "z@x.org", "Submitted", "2", "10"]
    with pytest.raises(ValueError, match="name the lesson"):
        exports.moodle([mark("zoe"), mark("zoe", "adam.step", lesson="07")], None, WORKSHEET)


def test_without_a_template_moodle_gets_a_table_by_mail_and_number(tmp_path):
    """Broken: there is no column that Moodle could know students by."""
    table = rows(exports.moodle(RECORDS, people(tmp_path)))
    assert table[:2] == [["Full name", "ID number", "Email address", "05 Momentum and Nesterov"],
                         ["Ada Lovelace", "ada", "ada@x.org", "3"]]  # fmt: skip


# ----------------------------------------------------------------------------------------------------- Gradescope

FIELDS = {"name", "score", "max_score", "status", "output", "output_format", "tags", "visibility"}


def test_results_are_as_gradescope_specifies_them():
    """Broken: Gradescope refuses the results of the whole class."""
    records = [mark("zoe", points=1.5, status="wrong", message="You average."), mark("zoe", STARRED, 1.0)]
    shown = gradescope.results(records, 3.6)
    assert shown["score"] == 2.5 and shown["execution_time"] == 4 and shown["stdout_visibility"] == "hidden"
    wrong, starred = shown["tests"]
    assert set(wrong) == FIELDS and wrong["status"] == "failed" and wrong["output"] == "You average."
    assert (wrong["score"], wrong["max_score"], starred["max_score"]) == (1.5, 3.0, 0.0)
    assert isinstance(json.loads(json.dumps(shown)), dict)


# -------------------------------------------------------------------------------------------------------- command


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A graded folder with a right, a wrong and an untouched submission."""
    root = tmp_path_factory.mktemp("graded")
    write(root / "in", {"ada": worksheet(), "ben": worksheet(momentum_step=AVERAGED), "emil": untouched()})
    assert main(["grade", str(root / "in"), "--out", str(root / "out"), "--jobs", "1"]) == 0
    return root / "out"


def export(*args):
    return main(["export", *map(str, args)])


@pytest.mark.parametrize("to", ["csv", "jsonl", "canvas", "moodle"])
def test_the_command_writes_and_never_overwrites_unasked(graded, tmp_path, capsys, to):
    """Broken: a second export destroys what somebody has worked in."""
    out = tmp_path / "marks"
    assert export(graded, "--to", to, "--out", out) == 0
    first = out.read_bytes()
    out.write_text("mine")
    assert export(graded, "--to", to, "--out", out) == 2 and out.read_text() == "mine"
    assert "is there already" in capsys.readouterr().err
    assert export(graded, "--to", to, "--out", out, "--force") == 0 and out.read_bytes() == first


def test_the_command_says_who_has_no_place(graded, tmp_path, capsys):
    """Broken: a student is missing in Canvas, and the exit code says that all is well."""
    (tmp_path / "template.csv").write_text(CANVAS.replace("alove", "ada"), encoding="utf-8")
    code = export(graded, "--to", "canvas", "--template", tmp_path / "template.csv", "--out", tmp_path / "out.csv")
    said = capsys.readouterr().out
    assert code == 1 and "ben has no row" in said and "emil has no row" in said
    assert "Ada\",12345,s1,ada,A,11" in (tmp_path / "out.csv").read_text()


@pytest.mark.parametrize(("args", "message"), [
    (["none", "--to", "csv"], "holds no gradebook"),
    (["GRADED", "--to", "csv", "--lessons", "02"], "no marks of these lessons"),
    (["GRADED", "--to", "canvas", "--template", "none.csv"], "cannot be read"),
    (["GRADED", "--to", "canvas", "--column", "five"], "wants the number of a lesson"),
])  # fmt: skip
def test_bad_input_of_export_is_one_sentence(graded, tmp_path, monkeypatch, capsys, args, message):
    """Broken: a typing error ends in a traceback, or in a file."""
    monkeypatch.chdir(tmp_path)
    assert export(*(graded if arg == "GRADED" else arg for arg in args)) == 2
    assert message in capsys.readouterr().err and os.listdir(tmp_path) == []


@pytest.fixture(scope="module")
def autograder(graded, tmp_path_factory):
    """The folder that Gradescope makes of the bundle: (source, results of the export)."""
    root = tmp_path_factory.mktemp("gradescope")
    assert export(graded, "--to", "gradescope", "--out", root / "out") == 0
    with zipfile.ZipFile(root / "out" / "autograder.zip") as archive:
        archive.extractall(root / "autograder" / "source")
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    return root, modes


def test_the_autograder_has_its_scripts_at_the_top(autograder):
    """Broken: Gradescope does not find setup.sh and run_autograder, or may not run them."""
    root, modes = autograder
    assert modes["setup.sh"] == modes["run_autograder"] == 0o100755
    assert not [name for name in modes if name.startswith(("solutions", "notebooks", "tests"))]
    for script in ("setup.sh", "run_autograder"):
        text = (root / "autograder" / "source" / script).read_text()
        assert text.startswith("#!/usr/bin/env bash\n") and "\r" not in text
        subprocess.run(["bash", "-n", "-c", text], check=True)


def test_the_autograder_gives_the_marks_of_the_grader(autograder, graded):
    """Broken: Gradescope shows other points than the teacher's own run."""
    root, _ = autograder
    source, submission = root / "autograder" / "source", root / "autograder" / "submission"
    write(submission, {"exercises": worksheet(momentum_step=AVERAGED)})
    meta = {"users": [{"email": "ben@x.org", "id": 1}]}
    (submission.parent / "submission_metadata.json").write_text(json.dumps(meta))
    out = root / "autograder" / "results.json"
    command = [sys.executable, "-m", "course_lib.grading.gradescope", submission, "--lessons", "05",
               "--seed-file", source / "seed.txt", "--out", out]  # fmt: skip
    subprocess.run(command, cwd=source, env={**os.environ, "PYTHONPATH": str(source)}, check=True)
    exported = json.loads((root / "out" / "05" / "ben.json").read_text())
    assert json.loads(out.read_text())["score"] == exported["score"] == 9.5
    assert [one["score"] for one in json.loads(out.read_text())["tests"]] == [one["score"] for one in exported["tests"]]
    assert (source / "seed.txt").read_text() == (Path(graded) / "seed.txt").read_text()


def test_who_handed_in_is_read_from_what_gradescope_says(tmp_path, capsys):
    """Broken: all students get the same hidden inputs, and nobody is told."""
    path = tmp_path / "submission_metadata.json"
    path.write_text('{"users": [{"email": "a@x.org"}]}')
    assert gradescope.submitter(path) == "a@x.org"
    path.write_text('{"users": []}')
    assert gradescope.submitter(path) == "" and "nobody in particular" in capsys.readouterr().err
