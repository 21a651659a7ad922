"""What waits for the disk is done by threads, and heard of in the loop's own time."""

from __future__ import annotations

import select
import threading
import time

from prometheus_client import Histogram

from receiver.workers import THREADS, Workers

TIMER = Histogram("sync", "", registry=None)


def is_ready(workers: Workers) -> bool:
    return bool(select.select([workers.descriptor], [], [], 0)[0])


def until_all_done(workers: Workers) -> None:
    while workers.in_flight:
        workers.wait()
        workers.attend()


def test_all_are_done_several_at_once_and_heard_of_in_the_loops_thread() -> None:
    workers, here, met = Workers(), threading.get_ident(), threading.Barrier(THREADS, timeout=20)
    threads: list[int] = []

    def meet() -> None:
        met.wait()

    for _ in range(3 * THREADS):
        workers.do(meet, lambda _problem: threads.append(threading.get_ident()), TIMER)
    until_all_done(workers)
    assert threads == [here] * 3 * THREADS


def test_what_the_disk_refuses_is_told() -> None:
    workers, said = Workers(), list[OSError | None]()
    refusal = OSError(28, "full")

    def refuse() -> None:
        raise refusal

    for do in (workers.do, workers.do_at_once):
        do(refuse, said.append, TIMER)
        do(lambda: None, said.append, TIMER)
    until_all_done(workers)
    assert sorted(said, key=str) == sorted([refusal, refusal, None, None], key=str)


def test_it_rings_for_what_comes_after_a_look_and_is_quiet_after_it() -> None:
    workers, said = Workers(), list[OSError | None]()
    for number in range(1000):
        workers.do(lambda: None, said.append, TIMER)
        workers.wait()
        workers.attend()
        while workers.in_flight:  # it rang before it was finished
            workers.wait()
            workers.attend()
        assert len(said) == number + 1
    time.sleep(0.05)
    workers.attend()
    assert not is_ready(workers)


def test_one_at_once_needs_no_thread() -> None:
    workers, before = Workers(), threading.active_count()
    workers.do_at_once(lambda: None, lambda _problem: None, TIMER)
    assert threading.active_count() == before
