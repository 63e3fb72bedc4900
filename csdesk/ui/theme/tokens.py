"""The tokens of the look, where the window's code expects them. The data and its loader live in settings."""

from __future__ import annotations

from csdesk.settings.theme import SERIES, THEMES, TONES, Theme, load_theme

__all__ = ["SERIES", "THEMES", "TONES", "Theme", "load_theme"]
