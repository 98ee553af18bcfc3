"""Move updates, jobs and messages: intake, worker, job runner, sender."""
