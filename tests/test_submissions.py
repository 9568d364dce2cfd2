"""Intake: whatever a teacher downloads, each file reaches its student or the list of what is left aside."""

import io
import os
import shutil
import stat
import subprocess
import warnings
import zipfile
from pathlib import Path

import pytest

from course_lib.__main__ import main
from course_lib.grading import roster as rosters
from course_lib.grading.intake import archives, layouts, times
from course_lib.grading.intake.items import gather
from course_lib.grading.submissions import Found, find, placed

NAME = "05_momentum.ipynb"
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")
GIT = pytest.mark.skipif(not shutil.which("git"), reason="needs git")


def lay(root, *names, text="{}"):
    """Write files with these paths below a folder."""
    for name in names:
        path = Path(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Path(root)


def packed(path, members):
    """A zip file with these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def roster(tmp_path, text):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return rosters.read(path)


def who(search):
    """(student, lesson, attempt) of what is found."""
    return [(found.student, found.lesson, found.attempt) for found in search.found]


def reasons(search):
    return {Path(path).name: reason for path, reason in search.unmatched}


# -------------------------------------------------------------------------------------------------------- layouts

TREES = {
    "folders": (["ada/05_momentum.ipynb", "ben/02_gradient_descent.ipynb"], {("ada", "05", 1), ("ben", "02", 1)}),
    "nbgrader": (["submitted/ada/05_momentum/05_momentum.ipynb", "submitted/ben/week 3/05_momentum.ipynb"],
                 {("ada", "05", 1), ("ben", "05", 1)}),
    "canvas": (["doejane_12345_67890_05_momentum.ipynb", "o_neilzoë_LATE_12346_67891_05_momentum-2.ipynb",
                "anon_Ab1cD_67892_05_momentum.ipynb", "LATE_anon_x9_67893_05_momentum.ipynb"],
               {("doejane_12345", "05", 1), ("o_neilzoë_12346", "05", 3), ("anon_Ab1cD", "05", 1),
                ("anon_x9", "05", 1)}),
    "moodle": (["Jane Doe_12345_assignsubmission_file_/05_momentum.ipynb",
                "Zoë van O'Neil_12346_assignsubmission_file_/deep/05_momentum.ipynb",
                "Ann_B_12347_assignsubmission_file_05_momentum.ipynb",
                "Participant_12348_assignsubmission_file_/05_momentum.ipynb"],
               {("Jane Doe", "05", 1), ("Zoë van O'Neil", "05", 1), ("Ann_B", "05", 1),
                ("Participant_12348", "05", 1)}),
}  # fmt: skip


@pytest.mark.parametrize("layout", TREES)
def test_each_layout_is_recognized(tmp_path, layout):
    """Broken: a teacher's download is graded under wrong names, or not at all."""
    names, expected = TREES[layout]
    search = find(lay(tmp_path, *names))
    assert (search.layout, set(who(search)), search.unmatched) == (layout, expected, [])
    assert {found.student for found in search.found if found.late} <= {"o_neilzoë_12346", "anon_x9"}
    assert sum(found.late for found in search.found) == (2 if layout == "canvas" else 0)


@pytest.mark.parametrize("layout", [name for name in TREES if name != "nbgrader"])
def test_a_zip_file_is_as_good_as_its_folder(tmp_path, layout):
    """Broken: a teacher has to unpack what the site packed, by hand, with all the dangers of that."""
    names, expected = TREES[layout]
    (tmp_path / "in").mkdir()
    archive = packed(tmp_path / "in" / "submissions.zip", members=dict.fromkeys(names, "{}"))
    for place in (archive, archive.parent):
        search = find(place, store=tmp_path / "unpacked")
        assert (search.layout, set(who(search)), search.unmatched) == (layout, expected, [])


def test_an_override_beats_what_is_recognized(tmp_path):
    """Broken: a folder that looks like another layout cannot be graded at all."""
    lay(tmp_path, "ada/05_momentum/05_momentum.ipynb")
    assert find(tmp_path).layout == "nbgrader"
    assert find(tmp_path, layout="folders").layout == "folders"
    with pytest.raises(ValueError, match="no layout 'blackboard': there are moodle"):
        find(tmp_path, layout="blackboard")


def test_an_assignment_may_name_the_lesson(tmp_path):
    """Broken: nbgrader's own convention, one assignment with a notebook of any name, is refused."""
    lay(tmp_path, "submitted/ada/05_momentum/problem1.ipynb", "submitted/ada/05_momentum/timestamp.txt")
    assert who(find(tmp_path)) == [("ada", "05", 1)]


def test_the_course_folder_of_nbgrader_is_looked_through(tmp_path):
    """Broken: the sources and the releases are taken for students."""
    lay(tmp_path, "source/05_momentum/05_momentum.ipynb", "submitted/ada/05_momentum/05_momentum.ipynb")
    assert who(find(tmp_path)) == [("ada", "05", 1)]


def test_a_lesson_or_a_key_is_not_taken_for_the_worksheet(tmp_path):
    """Broken: a student who hands in the whole course is graded on the lesson, or on the key."""
    lay(tmp_path, *(f"ada/course/{kind}/{NAME}" for kind in ("notebooks", "exercises", "solutions")))
    search = find(tmp_path)
    assert [Path(found.path).parent.name for found in search.found] == ["exercises"]
    assert [reason[:24] for _, reason in search.unmatched] == ["it is the lesson or the "] * 2


def test_a_file_that_fits_no_pattern_is_listed(tmp_path):
    """Broken: a student who renamed the file has no mark, and nobody knows why."""
    lay(tmp_path, "doejane_1_2_05_momentum.ipynb", "doejane_1_3_final version.ipynb", "doejane_1_4_text.html",
        "my work.ipynb", "doejane_1_5_05_momentum.ipynb.txt")  # fmt: skip
    search = find(tmp_path)
    assert who(search) == [("doejane_1", "05", 1)] and len(search.unmatched) == 4
    assert "NN_slug.ipynb" in reasons(search)["doejane_1_3_final version.ipynb"]
    assert reasons(search)["my work.ipynb"] == "not in the folder of a student"


def test_a_crowd_of_other_files_takes_one_line(tmp_path):
    """Broken: a student's picture folder pushes the one unmatched notebook off the screen."""
    lay(tmp_path, "ada/05_momentum.ipynb", *(f"ada/plots/{i}.png" for i in range(9)), "ada/notes.txt")
    assert reasons(find(tmp_path)) == {"plots": "9 files in it are no notebooks", "notes.txt": "it is no notebook"}


@POSIX
def test_links_are_not_followed(tmp_path):
    """Broken: a checkout with a link to another student's folder is graded on that student's work."""
    lay(tmp_path, f"ben/{NAME}", "ada/notes.txt")
    (tmp_path / "ada" / NAME).symlink_to(tmp_path / "ben" / NAME)
    (tmp_path / "ada" / "all").symlink_to(tmp_path)
    search = find(tmp_path)
    assert who(search) == [("ben", "05", 1)]
    assert reasons(search)[NAME] == reasons(search)["all"] == "it is a link, which is not followed"


def test_the_worksheet_is_found_in_a_student_s_folder_whatever_else_is_there(tmp_path):
    """Broken: where one student hands in the whole course (Gradescope), the lesson or the key is graded."""
    lay(tmp_path, f"a/notebooks/{NAME}", f"a/b/exercises/{NAME}", f"solutions/{NAME}", "02_gradient_descent (1).ipynb")
    place = {number: item.shown[len(str(tmp_path)) + 1 :] for number, item in placed(gather(tmp_path).items).items()}
    assert place == {"05": f"a/b/exercises/{NAME}", "02": "02_gradient_descent (1).ipynb"}


# ------------------------------------------------------------------------------------------------ GitHub Classroom


def commit(folder, when):
    """Make a folder a repository with one commit of this time."""
    env = os.environ | {"GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": when, "GIT_CONFIG_GLOBAL": os.devnull}
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=folder, env=env, check=True)


@GIT
def test_checkouts_bring_their_time_along(tmp_path):
    """Broken: lateness of a whole class cannot be told, or the library in each repository is listed file by file."""
    for name, hour in (("momentum-octocat", "10"), ("momentum-o-neil", "11")):
        lay(tmp_path / name, f"exercises/{NAME}", f"notebooks/{NAME}", "course_lib/run.py", "README.md")
        commit(tmp_path / name, f"2026-03-01T{hour}:00:00+02:00")
    subprocess.run(["git", "-C", tmp_path / "momentum-octocat", "gc", "-q"], check=True)
    search = find(tmp_path)
    assert search.layout == "classroom"
    assert [(found.student, found.when) for found in search.found] == [
        ("o-neil", "2026-03-01T09:00:00+00:00"), ("octocat", "2026-03-01T08:00:00+00:00")]  # fmt: skip
    assert set(reasons(search)) == {NAME}


@GIT
@POSIX
def test_a_hostile_repository_runs_nothing(tmp_path):
    """Broken: to look at the time of a commit runs a program that the student chose."""
    repository = lay(tmp_path / "hw-eve", f"exercises/{NAME}")
    commit(repository, "2026-03-01T10:00:00+00:00")
    trap, spring = tmp_path / "trap.sh", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch {spring}\n")
    trap.chmod(0o755)
    core = f"[core]\nfsmonitor={trap}\npager={trap}\nsshCommand={trap}\n"
    (repository / ".git" / "config").write_text(f"{core}[log]\nshowSignature=true\n[gpg]\nprogram={trap}\n")
    assert times.committed(repository) == "2026-03-01T10:00:00+00:00" and not spring.exists()
    (repository / ".git" / "HEAD").write_text("ref: refs/heads/../../../../etc/passwd\n")
    assert times.committed(repository) == ""


def test_a_prefix_is_told_by_the_folder_or_by_what_all_have_in_common():
    """Broken: every student of the class is called "assignment-name"."""
    assert layouts.prefixes_of(["hw-1-ada", "hw-1-alan"]) == ["hw-1-"]
    assert layouts.prefixes_of(["hw-ann-x", "hw-ann-y"], ["hw-submissions"])[-1] == "hw-"


# ------------------------------------------------------------------------------------------------ times, attempts


@pytest.mark.parametrize(("text", "expected"), [
    ("2026-03-01 15:58:23.948203 UTC", "2026-03-01T15:58:23+00:00"),
    ("2026-03-01 15:58:23 Europe/Berlin", "2026-03-01T14:58:23+00:00"),
    ("2026-03-01T15:58:23.9+0530", "2026-03-01T10:28:23+00:00"),
    ("2026-03-01 15:58", "2026-03-01T15:58:00+00:00"),
])  # fmt: skip
def test_times_are_told_in_utc(text, expected):
    """Broken: a student is late because of a time zone."""
    assert times.utc(text) == expected


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-45 10:00", "2026-03-01 10:00 Nowhere/Land", "x" * 9999])
def test_what_is_no_time_is_listed(tmp_path, text):
    """Broken: a damaged time stamp stops the run, or passes for on time without a word."""
    with pytest.raises(ValueError):
        times.utc(text)
    lay(tmp_path, f"submitted/ada/05_momentum/{NAME}")
    lay(tmp_path, "submitted/ada/05_momentum/timestamp.txt", text=text)
    search = find(tmp_path)
    assert search.found[0].when == "" and reasons(search) == {"timestamp.txt": "it holds no time that can be read"}


def test_the_exchange_of_nbgrader_holds_several_attempts(tmp_path):
    """Broken: of three submissions the grader sees one, or takes the order of the names for that of the times."""
    work = "+05_momentum+2026-03-0{} 10:00:00.123456 UTC+{}/" + NAME
    lay(tmp_path, *("ada" + work.format(day, salt) for day, salt in ((3, "aa"), (1, "zz"), (2, "bb"))))
    search = find(tmp_path)
    assert [(found.attempt, found.when[:10]) for found in search.found] == [
        (1, "2026-03-01"), (2, "2026-03-02"), (3, "2026-03-03")]  # fmt: skip


def test_folders_and_suffixes_number_attempts(tmp_path):
    """Broken: rules such as "the best of three" see one attempt."""
    lay(tmp_path, *(f"ada/attempt{i}/{NAME}" for i in (1, 2, 10)), "ben/05_momentum.ipynb", "ben/05_momentum-1.ipynb")
    found = [(student, attempt) for student, _, attempt in who(find(tmp_path))]
    assert found == [("ada", 1), ("ada", 2), ("ada", 10), ("ben", 1), ("ben", 2)]


def test_of_two_files_for_one_place_one_counts_and_the_other_is_listed(tmp_path):
    """Broken: which of two files is graded depends on the order of the disk, and nobody is told."""
    lay(tmp_path, "ada/05_momentum (1).ipynb", f"ada/{NAME}", f"ada/old/{NAME}", "ada/05_momentum-Copy2.ipynb")
    search = find(tmp_path)
    assert [Path(found.path).relative_to(tmp_path).as_posix() for found in search.found] == [f"ada/{NAME}"]
    assert len(search.unmatched) == 3
    assert all(reason.startswith("conflict: the same student") for _, reason in search.unmatched)
    assert all("exact name" in reason for _, reason in search.unmatched)


def test_the_exact_name_counts_before_the_nearer_one(tmp_path):
    """Broken: a browser's second copy takes the place of the file that was handed in under its own name."""
    lay(tmp_path, "ada/05_momentum (1).ipynb", f"ada/work/{NAME}")
    assert Path(find(tmp_path).found[0].path).name == NAME


def test_canvas_counts_the_newer_upload(tmp_path):
    """Broken: Canvas numbers uploads, and the older of two with one name is graded."""
    lay(tmp_path, "doejane_1_20_05_momentum.ipynb", "doejane_1_3_05_momentum.ipynb")
    assert Path(find(tmp_path).found[0].path).name == "doejane_1_20_05_momentum.ipynb"


# --------------------------------------------------------------------------------------------------------- roster

ROSTER = """\
id,name,email,canvas_id,github
ada,Ada van Lovelace,ada@x.org,12345,octocat
zoe,"O'Neil, Zoë",z@x.org,12346,zo-e
"""


def test_a_roster_gives_files_their_students(tmp_path):
    """Broken: one student has three names in three places, and thus three marks."""
    everybody = roster(tmp_path, ROSTER)
    for ids, name in [({"canvas": "12345"}, "whoever"), ({"canvas": "999"}, "vanlovelaceada"),
                      ({"moodle": "7"}, "Ada van Lovelace"),
                      ({"github": "OctoCat"}, ""), ({"github": "x", "repository": "hw-2-octocat"}, ""),
                      ({"login": "ADA@x.org"}, ""), ({"moodle": "7"}, "Group 1-Ada van Lovelace")]:  # fmt: skip
        assert everybody.owner(ids, name)[0].id == "ada", (ids, name)
    assert everybody.owner({"canvas": "1"}, "oneilzoe\u0308")[0].id == "zoe"  # the accent in two characters
    assert everybody.owner({"login": "bob"}) == (None, "no student of the roster is called bob")


def test_who_is_missing_or_unknown_is_told(tmp_path):
    """Broken: a student without a file is without a mark, and a stranger's file disappears."""
    lay(tmp_path / "in", "doejane_1_2_05_momentum.ipynb", "vanlovelaceada_12345_3_05_momentum.ipynb")
    search = find(tmp_path / "in", roster=roster(tmp_path, ROSTER))
    assert [(found.student, found.lesson, bool(found.path)) for found in search.found] == [
        ("ada", "05", True), ("zoe", "05", False)]  # fmt: skip
    assert reasons(search) == {"doejane_1_2_05_momentum.ipynb": "no student of the roster is called doejane or 1"}


def test_a_folder_that_is_nobodys_is_told(tmp_path):
    """Broken: a folder with a typing error in its name leaves its student without a mark, in silence."""
    lay(tmp_path / "in", f"ada/{NAME}")
    (tmp_path / "in" / "zeo").mkdir()
    (tmp_path / "in" / "zoe").mkdir()
    search = find(tmp_path / "in", roster=roster(tmp_path, ROSTER))
    assert reasons(search) == {"zeo": "no notebook of a lesson in it"} and len(search.found) == 2


def test_namesakes_are_never_mixed_up(tmp_path):
    """Broken: two students with one name get one mark, whichever comes last."""
    lay(tmp_path / "in", *(f"Jo Doe_{n}_assignsubmission_file_/{NAME}" for n in (11, 12)))
    search = find(tmp_path / "in")
    assert not search.found and all("column moodle" in reason for _, reason in search.unmatched)
    two = "id,name,moodle\njo1,Jo Doe,11\njo2,Jo Doe,12;99\n"
    assert who(find(tmp_path / "in", roster=roster(tmp_path, two))) == [("jo1", "05", 1), ("jo2", "05", 1)]
    vague = find(tmp_path / "in", roster=roster(tmp_path, "id,name\njo1,Jo Doe\njo2,Jo Doe\n"))
    assert all(reason == "several students of the roster could be meant: jo1, jo2" for _, reason in vague.unmatched)
    assert [found.path for found in find(tmp_path / "in", ["05"], roster(tmp_path, two)).found if not found.path] == []


EXPORTS = {
    "canvas": "Student,ID,SIS User ID,SIS Login ID,Section,HW (7)\n    Points Possible,,,,,10\n"
              "\"Doe, Jane\",55,s1,jdoe,A,\n\"Student, Test\",56,,x,A,\n",
    "moodle": "First name;Last name;ID number;Email address\nJane;Doe;s1;jane@x.org\n",
    "classroom": 'identifier,github_username,github_id,name\n"s1","jane","77","Jane Doe"\n',
    "nbgrader": "\ufeffid,first_name,last_name,email,lms_user_id\ns1,Jane,Doe,jane@x.org,55\n",
}  # fmt: skip


@pytest.mark.parametrize("export", EXPORTS)
def test_the_lists_that_others_export_are_rosters(tmp_path, export):
    """Broken: a teacher has to make a roster by hand from a list that is there."""
    (student,) = roster(tmp_path, EXPORTS[export]).students
    assert student.id == "s1" and "doejane" in rosters.orders(student)


@pytest.mark.parametrize(("text", "message"), [
    ("", "is empty"), ("a,b\n1,2\n", "column called id"), ("id\nada\nADA\n", "two students with the id"),
    ("id\n../../etc\n", "cannot be the name of a file"), ("id,name\n,\n.hidden,x\n", "cannot be the name"),
])  # fmt: skip
def test_a_roster_that_would_mix_things_up_is_refused(tmp_path, text, message):
    """Broken: two students share marks, or a feedback page is written outside its folder."""
    with pytest.raises(ValueError, match=message):
        roster(tmp_path, text)


def test_an_unreadable_roster_is_refused_in_a_sentence(tmp_path):
    """Broken: a list saved by an old spreadsheet ends the run with a traceback."""
    (tmp_path / "r.csv").write_bytes("id,name\nzoe,Zoë\n".encode("latin-1"))
    with pytest.raises(ValueError, match="CSV UTF-8"):
        rosters.read(tmp_path / "r.csv")
    with pytest.raises(ValueError, match="cannot be read"):
        rosters.read(tmp_path / "none.csv")


# ------------------------------------------------------------------------------------------------------- archives


def unpacked(path, folder, **options):
    """(names that were taken, reasons by name) for an archive."""
    taken, refused = archives.unpack(path, folder, archives.Budget(**options))
    return ["/".join(parts) for parts, _ in taken], dict(refused)


EVIL = ["../evil.ipynb", "/etc/evil.ipynb", "a/../../evil.ipynb", "C:\\evil.ipynb", "..\\evil.ipynb",
        "\\\\host\\evil.ipynb"]  # fmt: skip


@pytest.mark.parametrize("name", EVIL)
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    """Broken: an archive overwrites a teacher's files."""
    path = packed(tmp_path / "a.zip", members={name: "{}", "fine.ipynb": "{}"})
    taken, refused = unpacked(path, tmp_path / "deep" / "out")
    assert taken == ["fine.ipynb"] and list(refused.values()) == ["its name leads out of the archive"]
    assert [p.name for p in tmp_path.rglob("*.ipynb")] == ["00001_fine.ipynb"]


def test_links_and_devices_in_an_archive_are_refused(tmp_path):
    """Broken: a link in an archive shows a student's neighbor's work, or the teacher's seed, as the student's own."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, kind in (("link.ipynb", stat.S_IFLNK), ("pipe.ipynb", stat.S_IFIFO)):
            info = zipfile.ZipInfo(name)
            info.external_attr = (kind | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
    reason = "it is a link or a device, not a file"
    assert unpacked(path, tmp_path / "out") == ([], {"link.ipynb": reason, "pipe.ipynb": reason})


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    """Broken: forty kilobytes fill the disk."""
    path = packed(tmp_path / "a.zip", members={"bomb.ipynb": b"0" * 20_000_000, NAME: "{}"})
    taken, refused = unpacked(path, tmp_path / "out")
    assert taken == [NAME] and "zip bomb" in refused["bomb.ipynb"]
    assert sum(p.stat().st_size for p in (tmp_path / "out").iterdir()) == 2


@pytest.mark.parametrize("caps", [{"members": 2}, {"size": 5}])
def test_an_archive_over_the_budget_is_refused_whole(tmp_path, caps):
    """Broken: a million files, or a terabyte, are unpacked one by one."""
    path = packed(tmp_path / "a.zip", members={f"{i}.ipynb": "{ }" for i in range(3)})
    taken, refused = unpacked(path, tmp_path / "out", **caps)
    assert not taken and "too much" in refused[""] and not (tmp_path / "out").exists()


def test_the_size_that_an_archive_declares_is_the_most_that_is_read(tmp_path):
    """Broken: an archive that lies about its sizes gets around the budget."""
    path = packed(tmp_path / "a.zip", members={NAME: b"0" * 100_000})
    data = path.read_bytes()
    path.write_bytes(data.replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    taken, refused = unpacked(path, tmp_path / "out")
    assert not taken and "broken" in refused[NAME] and not list((tmp_path / "out").iterdir())


def test_encrypted_members_are_listed(tmp_path):
    """Broken: a student who put a password on the archive is without a mark, and nobody knows why."""
    path = packed(tmp_path / "a.zip", members={NAME: "{}"})
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    path.write_bytes(data)
    assert unpacked(path, tmp_path / "out") == ([], {NAME: "it is encrypted: ask for it without a password"})


@pytest.mark.parametrize("damage", ["cut", "empty", "garbage", "crc"])
def test_a_broken_archive_is_listed(tmp_path, damage):
    """Broken: one archive that was cut short ends the run for all."""
    path = packed(tmp_path / "in.zip", members={f"ada/{NAME}": "{}" * 400})
    data = path.read_bytes()
    crc = zipfile.ZipFile(io.BytesIO(data)).infolist()[0].CRC.to_bytes(4, "little")
    spoilt = {"cut": data[:60], "empty": b"", "garbage": b"PK\x03\x04" + b"x" * 99, "crc": data.replace(crc, b"abcd")}
    path.write_bytes(spoilt[damage])
    lay(tmp_path, f"ben/{NAME}")
    search = find(tmp_path, store=tmp_path / ".store")
    assert who(search) == [("ben", "05", 1)] and "broken" in search.unmatched[0][1]


def test_names_in_odd_encodings_are_read(tmp_path):
    """Broken: a Mac's archive, which does not say that its names are UTF-8, turns Zoë into Zo├½."""
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Zo__/" + NAME, "{}")
        archive.writestr("M_ller/" + NAME, "{}")
    data = path.read_bytes().replace(b"Zo__", "Zoë".encode()).replace(b"M_ller", "Müller".encode("cp437"))
    path.write_bytes(data)
    assert who(find(path, store=tmp_path / "out")) == [("Müller", "05", 1), ("Zoë", "05", 1)]


def test_two_members_with_one_name_make_a_conflict(tmp_path):
    """Broken: the second of two equal names overwrites the first, unseen."""
    path = tmp_path / "in.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        for text in ("{}", "{ }"):
            archive.writestr(f"ada/{NAME}", text)
    search = find(path, store=tmp_path / "out")
    assert who(search) == [("ada", "05", 1)] and "conflict" in search.unmatched[0][1]


def test_an_archive_of_a_student_is_opened(tmp_path):
    """Broken: students who hand in an archive, as they are wont to, get nothing."""
    work = {f"exercises/{NAME}": "{}", f"notebooks/{NAME}": "{}", "__MACOSX/._x": ""}
    inner = packed(tmp_path / "work.zip", members=work)
    packed(tmp_path / "class.zip", members={"doejane_1_2_work.zip": inner.read_bytes(), f"roe_3_4_{NAME}": "{}"})
    search = find(tmp_path / "class.zip", store=tmp_path / "out")
    assert who(search) == [("doejane_1", "05", 1), ("roe_3", "05", 1)]
    assert reasons(search) == {NAME: "it is the lesson or the key, not the worksheet (which is in exercises/)"}
    folder = tmp_path / "by folder"
    folder.mkdir()
    shutil.copy(inner, folder / "ada.zip")
    (folder / "ben").mkdir()
    shutil.copy(inner, folder / "ben" / "work.zip")
    assert who(find(folder, store=tmp_path / "out2")) == [("ada", "05", 1), ("ben", "05", 1)]


def test_archives_in_archives_end_somewhere(tmp_path):
    """Broken: an archive that holds itself is unpacked forever."""
    data = packed(tmp_path / "0.zip", members={NAME: "{}"}).read_bytes()
    for i in range(1, 5):
        data = packed(tmp_path / f"{i}.zip", members={"in.zip": data}).read_bytes()
    search = find(tmp_path / "4.zip", store=tmp_path / "out")
    assert not search.found and "archive in an archive" in search.unmatched[0][1]


def test_a_folder_that_cannot_be_written_ends_the_run_in_a_sentence(tmp_path):
    """Broken: on a full disk every student's archive is called broken, and all get nothing."""
    (tmp_path / "store").write_text("a file in the place of the folder")
    with pytest.raises(ValueError, match=r"cannot be written .*: make room"):
        find(packed(tmp_path / "in.zip", {f"ada/{NAME}": "{}"}), store=tmp_path / "store")


def test_nothing_is_unpacked_into_a_folder_of_others(tmp_path, capsys):
    """Broken: a typing error in --out fills a teacher's own folder with submissions, and only then refuses it."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("")
    archive = packed(tmp_path / "in.zip", {f"ada/{NAME}": "{}"})
    assert main(["grade", str(archive), "--out", str(tmp_path / "mine")]) == 2
    assert "holds other files" in capsys.readouterr().err and os.listdir(tmp_path / "mine") == ["thesis.tex"]


def test_a_roster_reaches_the_marks(tmp_path):
    """Broken: `--roster` and `--layout` are read and not used."""
    lay(tmp_path / "in", f"vanlovelaceada_12345_3_{NAME}")
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    command = ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--jobs", "1", "--layout", "canvas"]
    assert main([*command, "--roster", str(tmp_path / "roster.csv")]) == 1
    marks = (tmp_path / "out" / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert [(line.split(",")[0], line.split(",")[-1]) for line in marks[1:]] == [
        ("ada", "unreadable"), ("zoe", "not submitted")]  # fmt: skip


def test_unpacking_twice_gives_the_same_paths(tmp_path):
    """Broken: a second run takes every submission for a new one and grades all again."""
    path = packed(tmp_path / "in.zip", members={f"{name}/{NAME}": "{}" for name in ("ben", "ada")})
    assert find(path, store=tmp_path / "out") == find(path, store=tmp_path / "out")
    assert isinstance(find(path, store=tmp_path / "out").found[0], Found)


@pytest.mark.parametrize("name", ["none", "file.txt"])
def test_what_is_no_folder_is_told_in_a_sentence(tmp_path, name):
    """Broken: a typing error in the command ends in a traceback."""
    lay(tmp_path, "file.txt")
    with pytest.raises(ValueError, match="give the folder"):
        find(tmp_path / name)
