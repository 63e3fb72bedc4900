"""Looking ahead: how much will come in, and how many people it takes."""
