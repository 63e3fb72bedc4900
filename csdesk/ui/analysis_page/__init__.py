"""The frame all analysis pages share, driven by a ``PageResult``."""
