"""When a worker counts as silent; that it is then restarted is tested on the whole stack."""

from ingest.watchdog import Progress


def test_a_worker_without_work_is_never_silent() -> None:
    progress = Progress()
    assert [progress.look(5, 0, 0, now) for now in (0.0, 100.0, 200.0)] == [0, 0, 0]


def test_a_worker_that_takes_work_is_never_silent() -> None:
    progress = Progress()
    assert [progress.look(accepted, 1, 9, accepted * 50.0) for accepted in range(1, 5)] == [0, 0, 0, 0]


def test_a_worker_that_ends_a_task_has_moved() -> None:
    progress = Progress()
    progress.look(5, 1, 9, 0.0)
    progress.look(5, 1, 9, 10.0)
    assert progress.look(5, 0, 9, 20.0) == 0


def test_a_worker_is_silent_from_the_first_look_without_progress() -> None:
    progress = Progress(accepted=5)
    assert [progress.look(5, 0, 9, now) for now in (10.0, 14.0, 18.0)] == [0, 4, 8]


def test_it_is_forgiven_when_its_queues_are_empty_again() -> None:
    progress = Progress(accepted=5)
    progress.look(5, 0, 9, 10.0)
    progress.look(5, 0, 0, 14.0)
    assert progress.look(5, 0, 9, 18.0) == 0
