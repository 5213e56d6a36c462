"""Pictures that prove figures: opened whole, written anew, without the position where they were taken.

Writing them anew leaves out whatever else a file carries: places, names of devices, previews, what hides behind its
end. The date and the way up stay.
"""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from threading import Lock
from typing import Any

MAX_PIXELS = 52_000_000  # the cameras of phones make 50 million; decoded that is 210 MB
MAX_SIDE = 60_000
_FORMATS = {"image/png": ("PNG",), "image/jpeg": ("JPEG", "MPO"), "image/webp": ("WEBP",)}
_ORIENTATION, _CHANGED, _EXIF, _GPS, _TAKEN = 0x0112, 0x0132, 0x8769, 0x8825, 0x9003
_ENDS = {"image/png": b"IEND", "image/jpeg": b"\xff\xd9"}  # without them what is below may be missing
_POSITION = re.compile(rb"GPSL(?:atitude|ongitude)")  # in XMP
_one_at_a_time = Lock()  # so that many pictures at once take no more memory than one


class PictureError(Exception):
    """A picture cannot be kept. ``reason`` is damaged or large; ``size`` its width and height where it is large."""

    def __init__(self, reason: str, size: tuple[int, int] = (0, 0)) -> None:
        """Keep the reason."""
        self.reason, self.size = reason, size
        super().__init__(reason)


@dataclass(frozen=True)
class Picture:
    """A picture written anew.

    Attributes:
        had_position: It said where it was taken, and no longer does.
        had_more: It was made of several pictures, of which the first is kept.
    """

    content: bytes
    had_position: bool = False
    had_more: bool = False


def rewrite_picture(content: bytes, media_type: str) -> Picture:
    """Open a picture whole and write it anew in its own format.

    Raises:
        PictureError: It is cut off, damaged or larger than anything that has to be seen.
    """
    from PIL import Image  # here, because most commands need none

    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of notes of cameras that are not understood; for sizes our own limit is lower
        try:
            if _ENDS.get(media_type, b"") not in content:
                raise PictureError("damaged")
            with Image.open(io.BytesIO(content), formats=_FORMATS[media_type]) as image:
                if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
                    raise PictureError("large", image.size)
                had_more = image.format != "MPO" and getattr(image, "n_frames", 1) > 1
                image.load()
                exif, had_position = _kept_exif(image)
                written = _written(image, media_type, exif)
        except PictureError:
            raise
        except Image.DecompressionBombError:
            raise PictureError("large", _declared_size(content, media_type)) from None
        # Readers of other people's pictures fail in more ways than they declare; whatever it is, it cannot be seen.
        except Exception:  # noqa: BLE001
            raise PictureError("damaged") from None
    return Picture(written, had_position or bool(_POSITION.search(content)), had_more)


def _kept_exif(image: Any) -> tuple[Any, bool]:
    """Return what is kept of the notes of the camera, and whether they held a position."""
    from PIL import Image

    found, kept = image.getexif(), Image.Exif()
    if found.get(_ORIENTATION) in range(1, 9):
        kept[_ORIENTATION] = found[_ORIENTATION]
    dates = {_CHANGED: found.get(_CHANGED), _TAKEN: found.get_ifd(_EXIF).get(_TAKEN)}
    for tag, date in dates.items():
        if re.fullmatch(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d", str(date)):
            if tag == _TAKEN:
                kept.get_ifd(_EXIF)[tag] = date
            else:
                kept[tag] = date
    return kept, _GPS in found


def _written(image: Any, media_type: str, exif: Any) -> bytes:
    options: dict[str, Any] = {"exif": exif}
    if media_type == "image/jpeg":
        from PIL.JpegImagePlugin import get_sampling

        # The same steps of brightness as before: what is seen stays as it is, and so does the size.
        options |= {"qtables": image.quantization, "subsampling": max(get_sampling(image), 0)}
        options |= {"progressive": bool(image.info.get("progressive"))}
    elif media_type == "image/png":
        options |= {"compress_level": 4}
        if "transparency" in image.info:
            options["transparency"] = image.info["transparency"]
    else:
        options |= {"quality": 90, "method": 2}
    image.info = {}  # comments and profiles would be written again
    buffer = io.BytesIO()
    image.save(buffer, _FORMATS[media_type][0], **options)
    return buffer.getvalue()


def _declared_size(content: bytes, media_type: str) -> tuple[int, int]:
    """Return the width and height that a PNG declares; of others none, since their sides have an end."""
    if media_type != "image/png":
        return 0, 0
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
