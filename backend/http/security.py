"""
Security: what every answer tells the browser to refuse. Nothing inline or from elsewhere, no framing, no guessing.

There is no `unsafe-` word in the policy: styles and scripts are files, geometry stands in SVG attributes, and htmx
makes its HTML through the one trusted type that `web/js/trust.js` names.
"""

from litestar.types import Message, Scope

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "handrail",
}

DENIED = ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "usb")

HEADERS = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": ", ".join(f"{name}=()" for name in DENIED),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

FOR_A_YEAR = "max-age=31536000"


RAW = tuple((name.encode(), value.encode()) for name, value in HEADERS.items())
OVER_HTTPS = (b"strict-transport-security", FOR_A_YEAR.encode())
UNLESS_SAID = (b"cache-control", b"private, no-cache")


async def guard(message: Message, scope: Scope) -> None:
    """Add the headers to an answer that does not bear them itself; over https, ask to stay with https."""
    if message["type"] != "http.response.start":
        return
    headers = message["headers"] = list(message["headers"])
    there = {name.lower() for name, _ in headers}
    headers += [header for header in RAW if header[0] not in there]
    if scope.get("scheme") == "https" and OVER_HTTPS[0] not in there:
        headers.append(OVER_HTTPS)
    if UNLESS_SAID[0] not in there:
        headers.append(UNLESS_SAID)
