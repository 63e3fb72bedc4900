"""Data typed in by hand: the forms, what may stand in them, and the way into the store."""
