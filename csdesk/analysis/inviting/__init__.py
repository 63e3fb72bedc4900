"""What only the 邀评 page tells: where buyers are lost, when to ask, and whether everybody is asked alike."""
