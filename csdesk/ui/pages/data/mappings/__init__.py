"""列映射: tables mapped by hand, and the view that maps them."""
