"""The far end: the receiver that stores sealed chunks and the tools that open them."""
