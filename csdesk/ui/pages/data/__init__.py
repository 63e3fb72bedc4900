"""导入与数据: what was imported, and the preview before anything is written."""
