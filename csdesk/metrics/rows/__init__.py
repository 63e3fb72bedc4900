"""Numbers out of rows kept one by one: columns in memory, cut to a selection, counted by group in one pass."""
