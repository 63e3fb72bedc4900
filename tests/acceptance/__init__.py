"""The program from outside: unseen exports in, numbers out, against a second calculation that shares no code."""
