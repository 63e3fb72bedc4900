"""How soon buyers are answered: bands, hours of the week, peaks, promotion days, medians and their changes."""
