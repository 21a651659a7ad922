"""Gunicorn's settings, which it executes as a file: its log lines are those of every other process.

The name without a capital is Gunicorn's option; the rest is on its command line.
"""

import logging

import environment
import logs

_env = environment.stop_on_problem()

logconfig_dict = logs.dict_config(_env.log_level, _env.log_format, _env.time_zone)
logging.captureWarnings(True)
