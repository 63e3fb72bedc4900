"""客服与店铺: who there is, who belongs together, groups, and the shops."""
