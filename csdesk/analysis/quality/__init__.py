"""How good the data are: what is missing, odd, contradictory, or in the wrong shop."""
