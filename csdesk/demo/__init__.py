"""The example shop: months of plausible exports, written in the platforms' real layouts."""

from csdesk.demo.exports import generate

__all__ = ["generate"]
