"""What is said of a process that does not start."""

from pathlib import Path

from ingest.up.stack import last_words


def test_it_quotes_the_last_line_of_the_log(tmp_path: Path) -> None:
    log = tmp_path / "beat.log"
    log.write_text("Traceback\nModuleNotFoundError: No module named 'packaging'\n")
    line = last_words({"name": "beat", "stdout_logfile": str(log)})
    assert line == f"beat does not start: ModuleNotFoundError: No module named 'packaging' (see {log})"
