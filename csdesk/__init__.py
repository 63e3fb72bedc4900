"""CSDesk 网店客服数据台: customer-service analytics for small Taobao/Tmall and Douyin shops, entirely offline."""

import os

__version__ = "0.1.0"

# NumPy and SciPy bring linear algebra that starts a thread for each processor even for matrices of ten numbers. Waiting
# for each other, they make fitting a forecast five times slower. It reads this when it is first loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
