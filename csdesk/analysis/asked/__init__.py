"""The further answers of the page 常见问题: how much of what, how often solved, by whom, what is asked more of late."""
