"""Statistics: pure functions, each tested against a library or a published example."""

import os

# SciPy's linear algebra starts a thread for each processor even for matrices of ten numbers. Waiting for each other,
# they make fitting a forecast five times slower. It reads this when it is first loaded, which is after this room.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
