"""Grading on a Dask cluster: the gradebook is that of a run here, whatever becomes of the workers."""

import os
import signal
import sys
from dataclasses import replace

import pytest
from demo_submissions import AVERAGED, CRASHING, SUBMISSIONS, UPHILL, worksheet, write

from course_lib.__main__ import main
from course_lib.grading import cluster
from course_lib.grading.batch import Task, grade_all, run
from course_lib.grading.marks import GRADED, UNGRADED, UNREADABLE
from course_lib.grading.scorer import Scorer
from course_lib.grading.submissions import Found, find

distributed = pytest.importorskip("distributed", reason="Dask is an extra: python3 start.py run --cluster")
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")
QUIET = {"distributed.logging.distributed": "error", "distributed.scheduler.worker-ttl": "60s"}
CLASS = {f"{name}-{i}": text for i in range(4) for name, text in {
    "right": worksheet(), "averages": worksheet(momentum_step=AVERAGED), "climbs": worksheet(momentum_step=UPHILL),
    "crashes": worksheet(momentum_step=CRASHING), "cut": SUBMISSIONS["hal-cut-short"]}.items()}  # fmt: skip


@pytest.fixture(scope="module")
def dask():
    """Two workers, processes of their own with a nanny each."""
    import dask

    with dask.config.set(QUIET), distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as some:
        yield some.scheduler_address


@pytest.fixture
def workers(dask):
    some = cluster.Workers(dask)
    yield some
    some.close()


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return find(write(tmp_path_factory.mktemp("class"), CLASS)).found


def timeless(graded):
    """A `Graded` without what depends on the clock: how long it took, and the remark that a right answer is slow."""
    verdicts = tuple(replace(one, message="") if one.clean else one for one in graded.verdicts)
    return graded._replace(seconds=0.0, verdicts=verdicts)


def graded_there(found, workers, seen=lambda done: None):
    """What a cluster makes of submissions: ``{found: Graded}``."""
    done = {}

    def keep(graded):
        assert graded.found not in done or graded.found in [one.found for one in again]
        done[graded.found] = timeless(graded)
        again.extend([graded] if graded.again else [])
        seen(done)

    again = []
    assert run([Task(one) for one in found], "secret", keep, runner=workers)
    return done


def local(found):
    """What this machine makes of them."""
    return {one.found: timeless(one) for one in grade_all(found, "secret", jobs=1)[0]}


def test_a_cluster_gives_the_marks_of_this_machine(found, workers):
    """A student's mark would depend on where it was made."""
    assert graded_there(found, workers) == local(found)


@POSIX
def test_a_worker_that_is_lost_costs_nothing_but_time(found, workers):
    """One machine of a hundred that restarts would cost marks, or the whole run."""
    def kill_one(done):
        if len(done) == 3:
            os.kill(next(iter(workers.client.run(os.getpid).values())), signal.SIGKILL)

    assert graded_there(found, workers, kill_one) == local(found)


def test_the_command_writes_one_gradebook(found, dask, tmp_path, capsys):
    """`--scheduler` would grade, and leave nothing; or grade again what is done."""
    folder = str(tmp_path / "in")
    write(folder, {"ada": worksheet(), "cleo": worksheet(momentum_step=UPHILL)})
    for out, more in (("here", ["--jobs", "1"]), ("there", ["--scheduler", dask])):
        assert main(["grade", folder, "--out", str(tmp_path / out), "--seed", "s", *more]) == 0
    assert (tmp_path / "here" / "grades.json").read_text() == (tmp_path / "there" / "grades.json").read_text()
    assert (tmp_path / "there" / "grade.log").read_text().count("graded") == 2


def test_what_is_no_file_never_travels(workers, tmp_path):
    """A missing file, a folder or 100 MB would end the run or fill the scheduler's memory."""
    large = tmp_path / "large.ipynb"
    with open(large, "wb") as file:
        file.truncate(100_000_000)
    some = [Found("a", "05", ""), Found("b", "05", str(tmp_path)), Found("c", "05", str(large))]
    assert [one.status for one in graded_there(some, workers).values()] == ["not submitted", UNREADABLE, UNREADABLE]


def test_few_are_handed_out_at_a_time(found, workers, monkeypatch):
    """A million notebooks at once would fill the memory of the scheduler."""
    most, submit = [], workers.client.submit
    monkeypatch.setattr(cluster, "MOST_TASKS", 3)
    monkeypatch.setattr(workers.client, "submit", lambda *args, **kw: (most.append(1), submit(*args, **kw))[1])
    graded_there(found, workers, lambda done: most.append(-1))
    running = [sum(most[: i + 1]) for i in range(len(most))]
    assert max(running) == 3


def test_another_version_of_the_course_is_refused(workers, found, monkeypatch):
    """Marks of two versions would stand in one gradebook."""
    assert cluster.grade_there(Task(found[0]), b"{}", "secret", None, "another").status == UNGRADED
    monkeypatch.setattr(workers.client, "run", lambda function: {"tcp://worker": "another"})
    with pytest.raises(ValueError, match="another version"):
        workers.compare()


def test_required_isolation_is_required_of_workers(workers, monkeypatch):
    """`--require-isolation` would hold for this machine, on which nothing is run."""
    monkeypatch.setattr(workers.client, "run", lambda function: {"a": "", "b": "There is no landlock."})
    with pytest.raises(ValueError, match="A worker says: There is no landlock"):
        workers.demand_isolation()


def test_a_task_that_ends_its_workers_is_not_graded():
    """A mark would be made up, or the run would end."""
    class Future:
        status = "error"

        def exception(self):
            return type("KilledWorker", (Exception,), {})()

    graded = cluster.result_of(Future(), Task(Found("ada", "05", "p")))
    assert graded.status == UNGRADED and "grade it again" in graded.reason


def test_a_lost_scheduler_is_told():
    """The run would wait forever, or end in a traceback."""
    with pytest.raises(ValueError, match="run the same command again"):
        cluster.result_of(type("Future", (), {"status": "cancelled"})(), None)


def test_nobody_at_the_address_is_one_sentence(tmp_path, monkeypatch, capsys):
    """A wrong port would end in a page of traceback."""
    monkeypatch.setattr(cluster, "SECONDS", 1)
    write(tmp_path / "in", {"ada": worksheet()})
    args = ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--scheduler", "tcp://127.0.0.1:9"]
    assert main(args) == 2
    assert "No scheduler with a worker answers at tcp://127.0.0.1:9" in capsys.readouterr().err


def test_without_dask_the_command_says_what_to_install(monkeypatch):
    """An optional extra that is missing would be an ImportError."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ValueError, match="run --cluster"):
        cluster.Workers("tcp://127.0.0.1:9")


def test_a_scoring_process_that_ends_is_started_anew(found):
    """One crash would leave a worker that grades nothing more, and takes every task there is."""
    scorer = Scorer()
    assert scorer.work(Task(found[0]), "secret", None).status in (GRADED, UNREADABLE)
    scorer.process.kill()
    scorer.process.wait()
    assert scorer.work(Task(found[0]), "secret", None).status in (GRADED, UNREADABLE)
    scorer.close()


def test_a_file_comes_back_under_its_own_name(found):
    """The gradebook would know a student's work by a temporary file of a worker."""
    graded = cluster.grade_there(Task(found[0]), b"{}", "secret", None, cluster.fingerprint.course())
    assert graded.found == found[0] and graded.status in (GRADED, UNREADABLE)
