"""The card that a messenger shows of a link somebody shares: tags in the head of a page, read without its scripts."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class ShareCard:
    """What a card says.

    Attributes:
        title: The finding, what is made up, and whose board it is.
        text: What it is about, as plain text.
    """

    title: str
    text: str

    def tags(self) -> str:
        """Return the card as HTML for the head of a page (https://ogp.me)."""
        title, text = escape(self.title), escape(self.text)
        return (
            f'<meta name="description" content="{text}"><meta property="og:type" content="website">'
            f'<meta property="og:title" content="{title}"><meta property="og:description" content="{text}">'
        )
