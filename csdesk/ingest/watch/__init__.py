"""The watched folder: what is new there, what was said about it already, what to offer. No Qt, no clock of its own."""
