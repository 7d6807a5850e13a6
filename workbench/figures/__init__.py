"""What gets exported: figures and tables. matplotlib is imported here only, and only inside functions."""
