"""Words of phoneme programs, as eSpeak NG's synthesize.h numbers them."""

RETURN = [1]
IPA = 0x0D
TRANSITION = 0xA
PITCH, LOUDNESS = 0x9200, 0x9300
FORMANTS, NOISE, ADDED_NOISE = 0xB000, 0xC000, 0xF000


def name(ipa: str) -> list[int]:
    """What a phoneme is called in IPA."""
    letters = ipa.encode("utf-8")
    padded = letters + bytes(len(letters) % 2)
    pairs = (int.from_bytes(padded[at : at + 2], "big") for at in range(0, len(padded), 2))
    return [(IPA << 8) + len(letters), *pairs]


def envelope(instruction: int, address: int) -> list[int]:
    """PITCH or LOUDNESS along the envelope at an address of phondata."""
    return [instruction + (address >> 16), address & 0xFFFF]


def sound(instruction: int, address: int) -> list[int]:
    """FORMANTS, NOISE or ADDED_NOISE at an address of phondata, a multiple of four."""
    return envelope(instruction, address // 4)
