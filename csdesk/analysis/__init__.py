"""What each page says: pure functions from the metric engine and a request to a frozen result."""
