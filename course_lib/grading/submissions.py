"""Find submissions, in whichever way they were collected: which file is whose, of which lesson, which attempt.

Layouts are recognized by the names (`intake.layouts`); what is not understood is listed with the reason.
"""

import os
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from course_lib import exercises
from course_lib.grading.intake import layouts, times
from course_lib.grading.intake.items import gather, in_brief
from course_lib.grading.roster import tidy
from course_lib.lessons import LESSONS

AUTO, STAMP = "auto", "timestamp.txt"
RULE = "the later counts, then the exact name, then the one nearer to the student's folder, then the last by name"


class Found(NamedTuple):
    """A file to grade: whose, of which lesson (its number), and where; the path is "" when nothing was handed in.

    Which attempt it is counts from 1; `when` is the time it was handed in, ISO text in UTC, "" where nothing tells;
    `late` is whether its name says so (Canvas).
    """

    student: str
    lesson: str
    path: str
    attempt: int = 1
    when: str = ""
    late: bool = False


class Search(NamedTuple):
    """What was found, what was not understood, as ``[(path, reason), ...]``, and the layout."""

    found: list
    unmatched: list
    layout: str = ""


class Candidate(NamedTuple):
    """A file with its lesson and its owner, before it is known which attempt it is."""

    found: Found
    claim: layouts.Claim
    item: object

    @property
    def rank(self):
        """By `RULE`: the highest counts."""
        exact = self.claim.file.lower() == layouts.plain(self.claim.file)[0].lower()
        return self.found.when, self.claim.order, exact, -len(self.item.parts), self.item.shown


def find(folder, lessons=None, roster=None, layout=AUTO, store=None):
    """Look for submissions. Names that begin with a dot are what systems leave behind.

    Args:
        folder: where: a folder or a zip file.
        lessons: the numbers of the lessons to grade; whoever has not handed one in is `Found` without a path.
            All that are there by default.
        roster: a `Roster`; without one everybody is called as their file's name says.
        layout: a name in `LAYOUTS`; recognized by default.
        store: a folder to unpack archives into; a temporary one by default, so name one for paths that last.

    Raises:
        ValueError: the folder is none, or holds no folder of a student.
    """
    root = root_of(Path(folder))
    gathered = gather(root, store)
    if not any(map(_is_notebook, gathered.items)) and not gathered.folders and not gathered.problems:
        raise ValueError(f"{folder} holds no folder of a student: put each notebook into <student>/NN_slug.ipynb.")
    checkouts = _checkouts(gathered, root)
    names = [Path(name).name for name in checkouts]
    layout = layouts.detect(gathered.items, names) if layout in (AUTO, None) else layout
    items, search = _owned(gathered.items, layout), Search([], [*gathered.problems], layout)
    stamps = _stamps(items, root, checkouts, search)
    candidates = _candidates(items, _reader(items, layout, checkouts, root), stamps, lessons, roster, search)
    search.found.extend(_settled(candidates, search))
    _others(items, search)
    _missing(gathered.folders, lessons, roster, search)
    search.found.sort(key=lambda found: (found.student, found.lesson, found.attempt))
    search.unmatched[:] = sorted(in_brief(search.unmatched), key=lambda pair: (Path(pair[0]).parent != root, pair[0]))
    return search


def root_of(folder):
    """Where the submissions are: the folder itself, or ``submitted`` in a course folder of nbgrader.

    Raises:
        ValueError: it is neither a folder nor a zip file.
    """
    if not folder.is_dir() and not (folder.is_file() and folder.suffix.lower() == ".zip"):
        raise ValueError(f"There is no folder {folder}: give the folder (or zip file) that holds the submissions.")
    course = any((folder / name).exists() for name in layouts.NBGRADER_COURSE)
    return folder / "submitted" if course and (folder / "submitted").is_dir() else folder


def lesson_of(name, lessons=None):
    """(number of the lesson, "") for the name of a file, or ("", why it is none)."""
    number = layouts.number_of(name)
    if not number:
        return "", "its name is not that of a worksheet, NN_slug.ipynb"
    if lessons is not None and number not in lessons:
        return "", f"lesson {number} is not asked for"
    if not exercises.of_lesson(number):
        return "", f"lesson {number} has no exercises"
    return number, ""


def printable(name):
    """A file name as text that can be written anywhere."""
    return os.fsencode(name).decode("utf-8", "replace")


def placed(items):
    """The worksheets among the files of one student, ``{number of the lesson: item}``; of several by `RULE`."""
    best = {}
    for item in filter(_is_notebook, items):
        number, file = layouts.number_of(item.parts[-1]), item.parts[-1]
        one = Candidate(Found("", number, ""), layouts.Claim("", {}, "", file), item)
        if number and not set(item.parts[:-1]) & set(layouts.OURS):
            best[number] = max(best.get(number, one), one, key=lambda candidate: candidate.rank)
    return {number: one.item for number, one in best.items()}


# --------------------------------------------------------------------------------------------------- whose it is


def _is_notebook(item):
    return item.parts[-1].lower().endswith(".ipynb")


def _checkouts(gathered, root):
    """The folders that hold a git repository: at the top, or one below."""
    folders = dict.fromkeys(Path(*item.parts[:n]) for item in gathered.items for n in (1, 2) if len(item.parts) > n)
    return [str(folder) for folder in folders if (root / folder / ".git").exists()]


def _reader(items, layout, checkouts, root):
    """The function of the layout, from the parts of a name to a `Claim` (raises ValueError for an unknown one)."""
    if layout not in layouts.LAYOUTS:
        raise ValueError(f"There is no layout {layout!r}: there are {', '.join(layouts.LAYOUTS)}.")
    if layout != "classroom":
        return layouts.LAYOUTS[layout]
    paths = [Path(name) for name in checkouts] or sorted({Path(item.parts[0]) for item in items if len(item.parts) > 1})
    prefixes = layouts.prefixes_of([path.name for path in paths], [root.name, *(path.parent.name for path in paths)])
    return lambda parts: layouts.classroom(parts, prefixes)


def _owned(items, layout):
    """The files, with the name of an archive at the top left out where it holds a class and not a student.

    An archive holds a class when it holds two worksheets of one lesson, or when it is all there is.
    """
    archives = defaultdict(Counter)
    for item in filter(_is_notebook, items):
        place = [part for part in item.parts if not layouts.ATTEMPT.fullmatch(part)]
        if place[0].lower().endswith(".zip") and not set(place) & set(layouts.OURS):
            archives[place[0]][layouts.number_of(place[-1])] += 1
    alone = {item.parts[0] for item in items} == set(archives) and len(archives) == 1
    classes = [name for name, counts in archives.items() if (alone or max(counts.values()) > 1) and layout != "canvas"]
    return [item._replace(parts=item.parts[1:]) if item.parts[0] in classes else item for item in items]


def _candidates(items, reader, stamps, lessons, roster, search):
    """The files that are somebody's worksheet; the other notebooks are listed."""
    candidates = []
    for item in filter(_is_notebook, items):
        claim = reader(item.parts)
        number, reason = _lesson(item, claim, lessons, search.layout)
        student, reason = _student(claim, roster) if number else ("", reason)
        if reason:
            search.unmatched.append((printable(item.shown), reason))
        else:
            found = Found(student, number, str(item.path), 1, _when(claim, item, stamps), claim.late)
            candidates.append(Candidate(found, claim, item))
    return _namesakes(candidates, search) if roster is None else candidates


def _lesson(item, claim, lessons, layout):
    if claim is None and len(item.parts) == 1:
        return "", "not in the folder of a student"
    if claim is None:
        return "", f"its name is not one of the layout {layout}, {layouts.EXPECTED[layout]}"
    if set(item.parts[:-1]) & set(layouts.OURS):
        return "", "it is the lesson or the key, not the worksheet (which is in exercises/)"
    by_work = claim.work and not layouts.number_of(claim.file) and layouts.number_of(f"{claim.work}.ipynb")
    return lesson_of(f"{claim.work}.ipynb" if by_work else claim.file, lessons)


def _student(claim, roster):
    if roster is None:
        return tidy(printable(claim.student)), ""
    student, reason = roster.owner(claim.ids, claim.name)
    return (student.id, "") if student else ("", reason)


def _namesakes(candidates, search):
    """Leave out files of two persons with one name, which only a roster can tell apart (Moodle)."""
    persons = defaultdict(set)
    for one in candidates:
        persons[one.found[:2]].add(one.claim.ids.get("moodle"))
    alike, apart = [], []
    for one in candidates:
        (alike if len(persons[one.found[:2]]) > 1 else apart).append(one)
    reason = "two students have this name: give a --roster with a column moodle that holds their numbers"
    search.unmatched.extend((printable(one.item.shown), reason) for one in alike)
    return apart


# ---------------------------------------------------------------------------------------------- when, which attempt


def _stamps(items, root, checkouts, search):
    """What is known of times, by the folder: timestamp.txt beside a file, the last commit of a checkout."""
    files = {item.parts[:-1]: item for item in items if item.parts[-1] == STAMP}
    stamps = {folder: times.stamp(item.path) for folder, item in files.items()}
    search.unmatched.extend((printable(files[folder].shown), "it holds no time that can be read")
                            for folder, when in stamps.items() if not when)  # fmt: skip
    return stamps | {Path(name).parts: times.committed(root / name) for name in checkouts}


def _when(claim, item, stamps):
    """The time in the name, else that of the nearest folder which has one."""
    try:
        return times.utc(claim.when)
    except ValueError:
        folders = (item.parts[:n] for n in range(len(item.parts), 0, -1))
        return next((stamps[folder] for folder in folders if folder in stamps), "")


def _settled(candidates, search):
    """One `Found` for each student, lesson and attempt; of several files one counts, and the others are listed."""
    groups = defaultdict(list)
    for one in candidates:
        groups[one.found.student, one.found.lesson].append(one)
    for group in groups.values():
        places = defaultdict(list)
        for one, attempt in zip(group, _attempts(group)):
            places[attempt].append(one)
        for attempt, rivals in sorted(places.items()):
            best = max(rivals, key=lambda one: one.rank)
            yield best.found._replace(attempt=attempt)
            search.unmatched.extend(_conflict(one, best) for one in rivals if one is not best)


def _attempts(group):
    """The number of each file's attempt: as its folder or its name says, else by the order in time."""
    told = [one.claim.attempt or layouts.plain(one.claim.file)[1] for one in group]
    moments = sorted({one.found.when for one in group})
    if any(told) or "" in moments:
        return [number or 1 for number in told]
    return [moments.index(one.found.when) + 1 for one in group]


def _conflict(loser, best):
    reason = f"conflict: the same student, lesson and attempt as {printable(best.item.shown)}, which counts ({RULE})"
    return printable(loser.item.shown), reason


# --------------------------------------------------------------------------------------------- what is left, what lacks


def _others(items, search):
    """List the files that are no notebooks; in checkouts of the whole course there are too many that nobody wrote."""
    for item in items:
        if _is_notebook(item) or item.parts[-1] == STAMP or search.layout == "classroom" and len(item.parts) > 1:
            continue
        top = len(item.parts) == 1 and search.layout in ("folders", "nbgrader", "classroom")
        reason = "not in the folder of a student" if top else "it is no notebook"
        search.unmatched.append((printable(item.shown), reason))


def _missing(folders, lessons, roster, search):
    """Add who has handed nothing in: of the roster, else of the folders of students; list folders that are nobody's."""
    own = [name for name in folders if search.layout == "folders"]
    there = {found[:2] for found in search.found}
    wanted = lessons or [lesson.number for lesson in LESSONS if roster and lesson.number in {n for _, n in there}]
    students = {student.id for student in roster.students} if roster else {tidy(printable(name)) for name in own}
    mentioned = _mentioned(search)
    for name in own:
        stranger = roster and not roster.owner({"login": name}, name)[0]
        if (stranger or not wanted) and name not in mentioned:
            search.unmatched.append((printable(name), "no notebook of a lesson in it"))
    students |= set() if roster else {student for student, _ in there}
    search.found.extend(Found(s, n, "") for s in students for n in wanted if (s, n) not in there)


def _mentioned(search):
    """The names of all folders of which something is found or listed."""
    paths = [*(found.path for found in search.found), *(path for path, _ in search.unmatched)]
    return {name for path in paths for name in Path(path).parts}
