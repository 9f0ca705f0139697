"""QR codes as textures of whole modules, black on white with their quiet zone."""

from kivy.graphics.texture import Texture
from qrcode.constants import ERROR_CORRECT_L
from qrcode.main import QRCode

QUIET_MODULES = 4


def modules(text: str) -> list[list[bool]]:
    """The code's modules, quiet zone included; a screen is never torn, so the lowest redundancy."""
    code = QRCode(error_correction=ERROR_CORRECT_L, border=QUIET_MODULES)
    code.add_data(text)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix


def texture(matrix: list[list[bool]]) -> Texture:
    """One pixel a module, to be enlarged without smoothing."""
    side = len(matrix)
    pixels = bytes(0 if dark else 255 for row in reversed(matrix) for dark in row)
    drawn = Texture.create(size=(side, side), colorfmt="luminance")
    drawn.blit_buffer(pixels, colorfmt="luminance", bufferfmt="ubyte")
    drawn.mag_filter = drawn.min_filter = "nearest"
    return drawn
