"""Clock, lease, worker and the jobs they run."""
