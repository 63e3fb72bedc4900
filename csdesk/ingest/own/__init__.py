"""Tables mapped by hand: kept as TOML beside the data, recognised by their header the next time."""
