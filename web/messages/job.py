"""Words about jobs."""

MESSAGES = {
    "job.not_found": "There is no job {number}. “tempuse jobs list” shows them.",
}
