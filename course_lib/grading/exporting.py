"""What the command `export` does: the marks of a graded folder, in a file for another system."""

from pathlib import Path

from course_lib.grading import exports, files, gradescope, roster
from course_lib.grading.gradebook import Gradebook
from course_lib.release.packing import packed, save

ROOT = Path(__file__).resolve().parents[2]
AUTOGRADER = "autograder.zip"


def export(args):
    """Write the file; the exit code: 1 when somebody has no place in it. ValueError where the input is none."""
    records = [record for record in records_of(args.folder) if args.lessons is None or record.lesson in args.lessons]
    if not records:
        raise ValueError(f"There are no marks of these lessons in {args.folder}.")
    everybody = roster.read(args.roster) if args.roster else None
    if args.to == "gradescope":
        return to_gradescope(args, records)
    ending = "jsonl" if args.to == "jsonl" else "csv"
    out = args.out or Path(f"{args.folder.resolve().name}-{args.to}.{ending}")
    free(out, args.force)
    made = make(args, records, everybody)
    written(out, made.text)
    print("\n".join([*made.notes, f"Marks for {args.to}: {out}"]))
    return 1 if made.notes else 0


def make(args, records, everybody):
    """The `Export` that is asked for."""
    if args.to in ("csv", "jsonl"):
        return (exports.plain if args.to == "csv" else exports.lines)(records, everybody)
    template = text_of(args.template) if args.template else None
    return (exports.canvas if args.to == "canvas" else exports.moodle)(records, everybody, template, pairs(args.column))


def records_of(folder):
    """The final marks in a graded folder, as `Record` list.

    Raises:
        ValueError: there are none.
    """
    with Gradebook(folder) as book:
        return list(book.records())


def to_gradescope(args, records):
    """A results.json for each student and lesson, and the autograder for the lessons."""
    out, secret = args.out or Path(f"{args.folder.resolve().name}-gradescope"), args.folder / files.SEED
    free(out, args.force)
    for student, number in dict.fromkeys((record.student, record.lesson) for record in records):
        mine = [record for record in records if (record.student, record.lesson) == (student, number)]
        written(out / number / f"{roster.tidy(student)}.json", gradescope.as_json(mine))
    numbers = exports.lessons_of(records)
    parts = gradescope.bundle(ROOT, numbers, text_of(secret).strip())
    written(out / AUTOGRADER, packed(parts, executable=("setup.sh", "run_autograder")), mode=0o600)
    print(f"Results: {out}/<lesson>/<student>.json. Autograder, with the seed, so keep it private: {out / AUTOGRADER}")
    return 0


# --------------------------------------------------------------------------------------------------------- files


def free(out, force):
    """Raise ValueError when something is there that would be replaced unasked."""
    if out.exists() and not force and not (out.is_dir() and not any(out.iterdir())):
        raise ValueError(f"{out} is there already: choose another --out, or replace it with --force.")


def written(path, data, mode=0o644):
    """Write a text or bytes, whole or not at all (raises ValueError where that is not possible)."""
    try:
        save(path, data, mode)
    except OSError as error:
        raise ValueError(f"{path} cannot be written ({error.strerror}): choose another --out.") from None


def text_of(path):
    """The text of a file (raises ValueError)."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read as text in UTF-8 ({error}).") from None


def pairs(texts):
    """``["05=HW 5 (77)"]`` as ``{"05": "HW 5 (77)"}`` (raises ValueError)."""
    split = [text.partition("=") for text in texts]
    if not all(equals and number.strip().isdigit() for number, equals, _ in split):
        raise ValueError("--column wants the number of a lesson and a heading: --column '05=HW 5 (77)'.")
    return {number.strip(): heading for number, _, heading in split}
