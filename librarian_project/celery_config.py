"""Celery's settings, free of Django: beat and Flower read them too."""

import environment
from librarian_project.schedule import CLOUD, SCHEDULE

_env = environment.stop_on_problem()

broker_url = _env.redis_url
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
# A message that a worker took and did not finish comes back after the visibility timeout, so that must be longer than
# the longest task; looking for such messages every few seconds costs nothing and finds them soon.
broker_transport_options = {
    "visibility_timeout": 100,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "queue_order_strategy": "librarian_project.queue_order:IngestMostly",
}
task_acks_late = True
task_reject_on_worker_lost = True
task_ignore_result = True
task_soft_time_limit = 50
task_time_limit = 60
# Tasks about one picture take a second or two; one that hangs must not keep its neighbours waiting for long.
_picture = {"soft_time_limit": 25, "time_limit": 30}
task_annotations = {
    "ingest.register_image": _picture,
    "ingest.record_event": _picture,
    "detections.detect_objects": _picture,
    "plates.read_plates": _picture,
}
task_serializer = "json"
accept_content = ["json"]
task_default_queue = "ingest"
task_routes = {
    "ingest.register_image": {"queue": "ingest"},
    "ingest.record_event": {"queue": "ingest"},
    "ingest.*": {"queue": "maintenance"},
    "cameras.*": {"queue": "maintenance"},
    "rollups.*": {"queue": "maintenance"},
    "detections.*": {"queue": "detect"},
    "plates.*": {"queue": "plates"},
    "alerts.send_*": {"queue": "sending"},
    "alerts.purge": {"queue": "maintenance"},
    "alerts.*": {"queue": "alerts"},
    "cloud.*": {"queue": "cloud"},
}
worker_prefetch_multiplier = 1
worker_send_task_events = True
worker_hijack_root_logger = False
worker_soft_shutdown_timeout = 3
worker_cancel_long_running_tasks_on_connection_loss = False
timezone = "UTC"
enable_utc = True
beat_schedule = SCHEDULE | (CLOUD if _env.cloud_reading else {})
beat_scheduler = "librarian_project.beat:KeepingScheduler"
beat_schedule_filename = str(_env.run_dir / "beat-schedule.json")
