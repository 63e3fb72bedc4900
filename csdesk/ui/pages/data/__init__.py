"""导入与数据: one folder a section; ``sections`` lists them, ``data_page`` shows one at a time."""
