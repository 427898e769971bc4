"""What the backends of an application balancer are spoken to, by a port's appProtocol. Pure."""

from __future__ import annotations

from cloudabstract.model import Port

_SPOKEN = {
    **dict.fromkeys(("", "http", "ws", "kubernetes.io/ws"), "HTTP"),
    **dict.fromkeys(("https", "wss", "kubernetes.io/wss"), "HTTPS"),
    **dict.fromkeys(("h2c", "kubernetes.io/h2c"), "H2C"),
    "http2": "HTTP2",
    "grpc": "GRPC",
}


def spoken(port: Port) -> str | None:
    """Google's word for the protocol; None for one that is not HTTP."""
    return _SPOKEN.get((port.app_protocol or "").lower())
