"""The page 评价口碑."""
