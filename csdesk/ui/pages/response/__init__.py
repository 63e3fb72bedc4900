"""The page 响应时间."""
