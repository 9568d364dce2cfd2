"""What students get: a folder and a zip file with the lessons, the worksheets, and the library that they need.

Instant checks need the references, so those of the released lessons are in it, and can be read by whoever looks; those
of other lessons are not. What a mark is computed from, the seed, never leaves the teacher's machine.
"""

import hashlib
import json
from pathlib import Path

from course_lib.lessons import LESSONS, lesson
from course_lib.release import form, handout
from course_lib.release.packing import packed, save
from course_lib.release.sources import LESSON, WORKSHEET, targets

PLAIN = ("LICENSE", "pyproject.toml", "requirements.txt", "requirements-test.txt", "requirements.lock", "start.py")
BY_LESSON = ("exercises", "quizzes")  # packages with a module a lesson
FIRST = "00"  # start.py opens it, and it says how the course works
README, WORKFLOW, MANIFEST = "README.md", ".github/workflows/classroom.yml", "release.json"
IGNORED = ".venv/\n__pycache__/\n*.egg-info/\n.ipynb_checkpoints/\n.virtual_documents/\n.DS_Store\n"


def release(root, out, numbers, force=False):
    """Write the folder and the zip file; what was written, ``{name: bytes}``. The first lesson always comes along.

    Raises:
        ValueError: a lesson is not built from its sources, or something is there that would be overwritten.
    """
    root, out, numbers = Path(root).resolve(), Path(out), sorted({FIRST, *numbers})
    files = contents(root, numbers)
    vacant(out, force)
    try:
        clear(out)
        for name, data in files.items():
            save(out / name, data, 0o755 if name == "start.py" else 0o644)
        save(zip_of(out), packed(files, out.resolve().name, executable=("start.py",)))
    except OSError as error:
        raise ValueError(f"{out} cannot be written ({error.strerror}): choose another folder.") from None
    return files


def zip_of(out):
    """The zip file beside a release."""
    return out.with_name(f"{out.resolve().name}.zip")


def contents(root, numbers):
    """The files of a release: ``{name: bytes}`` (raises ValueError for a lesson that is not built)."""
    files = {name: (root / name).read_bytes() for name in PLAIN}
    files |= {path.relative_to(root).as_posix(): path.read_bytes() for path in library(root, numbers)}
    for target in targets(root, [lesson(number).stem for number in numbers]):
        if target.kind in (LESSON, WORKSHEET):
            files[target.name] = notebook_of(target)
    texts = {README: handout.readme(numbers), WORKFLOW: handout.workflow(numbers), ".gitignore": IGNORED}
    files |= {name: text.encode() for name, text in texts.items()}
    return files | {MANIFEST: manifest(files, numbers)}


def library(root, numbers):
    """The files of course_lib, without what is declared for other lessons."""
    others = {entry.slug for entry in LESSONS if entry.number not in numbers}
    for path in sorted((root / "course_lib").rglob("*")):
        foreign = path.parent.name in BY_LESSON and path.stem in others
        if path.is_file() and "__pycache__" not in path.parts and not foreign:
            yield path


def notebook_of(target):
    """A lesson or worksheet as it is built (raises ValueError where it is missing, stale or worked in)."""
    if not target.path.exists():
        raise ValueError(f"{target.name} is not built: run `python -m course_lib build {target.stem}` first.")
    book = form.load(target.path)
    if target.kind == WORKSHEET and form.touched(book, target.stem):
        raise ValueError(f"{target.name}: somebody has worked in it; move it away and build it again.")
    if form.contents(book) != form.contents(target.book()):
        raise ValueError(f"{target.name} is not what its source says: run `python -m course_lib build {target.stem}`.")
    return target.path.read_bytes()


def manifest(files, numbers):
    """What the release holds, so that the next one can replace it: lessons, and a hash of each file."""
    hashes = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    return (json.dumps({"lessons": numbers, "files": hashes}, indent=1) + "\n").encode()


def vacant(out, force):
    """Raise ValueError when something would be overwritten unasked; with `force`, when it is no release."""
    there = [path for path in (out, zip_of(out)) if path.exists() and not (path.is_dir() and not any(path.iterdir()))]
    if there and not force:
        raise ValueError(f"{there[0]} is there already: choose another folder, or replace it with --force.")
    if there and out in there and not (out / MANIFEST).is_file():
        raise ValueError(f"{out} is no earlier release, so --force leaves it alone: choose another folder.")


def clear(out):
    """Remove the files of an earlier release, as long as nobody has changed them."""
    if not (out / MANIFEST).is_file():
        return
    for name, digest in json.loads((out / MANIFEST).read_text(encoding="utf-8"))["files"].items():
        path = out / name
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            path.unlink()
