"""The pictures of the states, small, for the table of the technician's guide."""

from PIL import Image

from kiosk.content import status_codes
from tests.pictures.keeping import BUILD, TECHNICIAN, at_width, keep

WIDTH = 112
ON_STAFF_SCREENS = (
    "staff_link",
    "staff_sound",
    "staff_system",
    "staff_stick",
    "staff_card",
    "staff_power",
)
WITHOUT_STATE = (
    "state_off",
    "state_signal",
    "state_speaker",
    "state_no_speaker",
    "state_microphone",
    "state_no_microphone",
)


def draw() -> None:
    """One small picture for each tile that a technician may see."""
    names = {state.picture for state in status_codes.load().values()}
    for name in sorted(names.union(ON_STAFF_SCREENS, WITHOUT_STATE)):
        with Image.open(BUILD / "tiles" / "400" / f"{name}.png") as tile:
            keep(at_width(tile, WIDTH), TECHNICIAN / f"{name}.png", 48)
