"""The page 邀评."""
