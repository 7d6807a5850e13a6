"""Document, session, results, jobs and files: no window, no Qt."""
