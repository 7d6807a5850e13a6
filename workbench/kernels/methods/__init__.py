"""The methods, one in each file; `every` imports them all, in the order of the menus."""
