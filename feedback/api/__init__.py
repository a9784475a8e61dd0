"""HTTP API: events in, reports out."""
