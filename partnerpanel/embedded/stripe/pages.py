"""How the double's pages look in a browser."""

from __future__ import annotations

from html import escape

_STYLE = (
    "body{margin:0;font:16px/1.5 system-ui,sans-serif;color:#1f2937;background:#f3f4f6}"
    "main{box-sizing:border-box;width:calc(100% - 2rem);max-width:29rem;margin:10vh auto 0;padding:1.5rem}"
    "main{background:#fff;border-radius:8px;border:1px solid #d1d5db}"
    "h1{margin-top:0;font-size:1.4rem}select,button{font:inherit;padding:.5rem .75rem;border-radius:6px}"
    "select{width:100%;margin:.25rem 0 1rem;border:1px solid #9ca3af;background:#fff;color:inherit}"
    "button{border:1px solid #1d4ed8;background:#1d4ed8;color:#fff}"
    "button[value=refuse]{background:#fff;color:#1d4ed8}.note{color:#4b5563;font-size:.875rem}a{color:#1d4ed8}"
)


def page_of(title: str, body: str) -> str:
    """A whole page; `body` is HTML already."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>{escape(title)} (double of Stripe)</title><link rel="icon" href="data:,"><style>{_STYLE}</style>'
        f'<body><main><h1>{escape(title)}</h1>{body}<p class="note">This is a double of Stripe: no money moves.</p>'
        "</main></body></html>"
    )
