"""The platforms a shop can live on."""

from __future__ import annotations

from enum import StrEnum


class Platform(StrEnum):
    """Platform id as it stands in the store, in layouts and on the command line."""

    TAOBAO = "taobao"
    DOUYIN = "douyin"
    PDD = "pdd"
    JD = "jd"
    KUAISHOU = "kuaishou"

    @property
    def label(self) -> str:
        """Chinese name for the screen."""
        return _LABELS[self]

    @property
    def short(self) -> str:
        """Chinese name where there is little room: 淘宝, 抖店."""
        return self.label.partition("/")[0]


_LABELS = {
    Platform.TAOBAO: "淘宝/天猫",
    Platform.DOUYIN: "抖店",
    Platform.PDD: "拼多多",
    Platform.JD: "京东",
    Platform.KUAISHOU: "快手",
}
