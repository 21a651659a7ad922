"""Flower's settings, which it executes as a file: loopback, basic auth, read-only, nothing open.

The names without a capital are Flower's options.
"""

import tornado.web
from flower.views.monitor import Metrics

import environment
import logs

_env = environment.current()

address, port = _env.flower_address
basic_auth = [f"admin:{environment.flower_password(_env)}"]
read_only = True
max_tasks = 2000
auto_refresh = True
# Flower sets up its own log lines unless there are some, and then sets the level by its option all the same.
logs.configure()
logging = _env.log_level.lower()

# Flower leaves its metrics open when basic auth is on; they tell what the site does, so they ask for it too.
Metrics.get = tornado.web.authenticated(Metrics.get)
