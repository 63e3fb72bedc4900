"""The engine as first written: one report, one group, one metric at a time, over plain Python values.

Slow and easy to follow. Nothing of the program uses it; the tests compare the engine on columns with it, field
by field (see ``tests/metrics/test_against_reference.py``).
"""
