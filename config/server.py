"""gunicorn's settings, for the demo and for production alike: gunicorn -c config/server.py config.wsgi"""

import os
from pathlib import Path

bind = (
    os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"
)  # in production a Unix socket behind nginx
worker_class = "gthread"  # threads keep their database connection
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
timeout = 60
graceful_timeout = 15
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True  # it would open one in the home folder
accesslog = None  # an address line names a child's file; nginx keeps addresses without query strings
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
