"""The real program, killed at random moments of whatever it does; afterwards nothing is lost, half done or left over.

``make test`` does a few kills, ``make kills`` two hundred.
"""
