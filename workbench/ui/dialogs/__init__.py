"""Modal windows: opened by a person, never by the program."""
