"""Move updates, jobs and messages by intake, worker, job runner and sender."""
