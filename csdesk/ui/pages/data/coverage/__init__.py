"""数据覆盖: which days are there, of every shop and source."""
