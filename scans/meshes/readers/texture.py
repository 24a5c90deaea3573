"""A texture image to colours: Pillow decodes it within limits, then the corners of the faces are looked up."""

import struct
import warnings
import zlib
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scans.meshes.limits import ReadLimits

_FORMATS = ("JPEG", "PNG", "BMP", "TIFF")
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Warning,
)
"""What Pillow's decoders raise on damaged images."""


class TextureError(Exception):
    """An image that cannot be used; the text says why, for people."""


def decode_image(stream: BinaryIO, size: int, limits: ReadLimits) -> NDArray[np.uint8]:
    """Bytes -> (height, width, 3) uint8 RGB, top row first. Raises TextureError."""
    if size > limits.texture_bytes:
        raise TextureError("its picture is too large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(stream, formats=_FORMATS) as image:
                if image.width * image.height > limits.texture_pixels:
                    raise TextureError("its picture is too large")
                return np.asarray(image.convert("RGB"))
    except _BROKEN as error:
        raise TextureError("its picture is damaged") from error


def sample(image: NDArray[np.uint8], uvs: NDArray[np.floating]) -> NDArray[np.uint8]:
    """(N, 2) texture coordinates, origin bottom left, repeating beyond 0..1 -> (N, 3) colours of the nearest pixels."""
    height, width = image.shape[:2]
    inside = np.nan_to_num(uvs.astype(np.float64), posinf=0.0, neginf=0.0)
    # 1.0 is the last pixel, not the first one of the next repetition.
    inside = np.where((inside < 0) | (inside > 1), inside % 1.0, inside)
    column = np.minimum((inside[:, 0] * width).astype(np.int64), width - 1)
    row = np.minimum(((1.0 - inside[:, 1]) * height).astype(np.int64), height - 1)
    colors: NDArray[np.uint8] = image[row, column]
    return colors
