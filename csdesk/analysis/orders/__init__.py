"""What orders tell of buyers: who comes back, from where, for how much, and what is sent back."""
