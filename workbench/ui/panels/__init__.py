"""Docked and stacked parts of the main window."""
