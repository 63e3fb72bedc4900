"""The page 常见问题."""
