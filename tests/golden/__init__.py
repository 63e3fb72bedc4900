"""What exports look like, written down: one readable file per figure and format. ``make golden`` writes them anew."""
