"""The page 客户与订单."""
