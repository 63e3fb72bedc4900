"""The page 客服绩效."""
