"""The page 满意度."""
