"""Who does how well: scores, places with their ranges, limits of chance, fair comparison, workload, cards."""
