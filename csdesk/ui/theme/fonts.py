"""The window's fonts. Chosen in the drawing room, so that a picture saved without a window is written the same way."""

from __future__ import annotations

from csdesk.charts.plot.fonts import BUNDLED, FORCE_VARIABLE, PREFERRED, base_font, chinese_family, ensure_fonts

__all__ = ["BUNDLED", "FORCE_VARIABLE", "PREFERRED", "base_font", "chinese_family", "ensure_fonts"]
