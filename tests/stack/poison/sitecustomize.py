"""Python loads this before anything else in a process whose PYTHONPATH names this folder.

It makes a worker's detector react to pictures that carry a word: hang within native code that never gives back the
interpreter, crash the process, or fail. What such a picture does to a real decoder or model is no different.
"""

import ctypes
import os
import signal
import sys

if "worker" in sys.orig_argv:
    from celery.signals import celeryd_init, worker_process_init

    @celeryd_init.connect(weak=False)
    def shorten(conf=None, **_):  # type: ignore[no-untyped-def]
        """A hanging picture is cut off sooner, so that the test is shorter."""
        conf.task_annotations["detections.detect_objects"] = {"soft_time_limit": 10, "time_limit": 12}

    @worker_process_init.connect(weak=False)
    def poison(**_):  # type: ignore[no-untyped-def]
        """Have the detector react to the words."""
        from detections import services

        look = services.look

        def react(run, detector):  # type: ignore[no-untyped-def]
            content = run.image.file.read_bytes()
            if b"HANG" in content:
                signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})  # as native code, which lets no Python in
                ctypes.PyDLL(None).sleep(600)
            if b"CRASH" in content:
                os.abort()
            if b"FAIL" in content:
                raise RuntimeError("no such luck")
            return look(run, detector)

        services.look = react
