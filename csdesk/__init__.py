"""CSDesk 网店客服数据台: customer-service analytics for small Taobao/Tmall and Douyin shops, entirely offline."""

__version__ = "0.1.0"
