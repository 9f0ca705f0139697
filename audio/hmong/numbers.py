"""Numbers as Hmong words, with the tone change that b and j cause: ib puas, peb caug."""

LARGEST = 9_999
ZERO = "xoom"
ONES = ("", "ib", "ob", "peb", "plaub", "tsib", "rau", "xya", "yim", "cuaj")
TENS = (
    *("", "kaum", "nees nkaum", "peb caug", "plaub caug", "tsib caug"),
    *("rau caum", "xya caum", "yim caum", "cuaj caum"),
)
HUNDRED = "puas"
THOUSAND = "txhiab"


def words(number: int) -> str:
    """The Hmong words of a number from 0 to 9,999. Raises ValueError for any other."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"not from 0 to {LARGEST}")
    thousands, below = divmod(number, 1000)
    hundreds, rest = divmod(below, 100)
    tens, ones = divmod(rest, 10)
    parts = (
        f"{ONES[thousands]} {THOUSAND}" if thousands else "",
        f"{ONES[hundreds]} {HUNDRED}" if hundreds else "",
        TENS[tens],
        ONES[ones],
    )
    return " ".join(part for part in parts if part) or ZERO
