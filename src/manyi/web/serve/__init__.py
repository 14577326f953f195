"""``manyi run``: one tree of processes: web, worker and scheduler under one parent."""
