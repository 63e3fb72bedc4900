"""数据质量: the section of the data page that says what is missing, odd, contradictory or in the wrong shop."""
