"""Numbers only: operators, methods and their analysis, on numpy and scipy."""
