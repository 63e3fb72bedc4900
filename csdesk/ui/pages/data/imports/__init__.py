"""导入: the drop zone, the preview of what would be written, and the ledger."""
