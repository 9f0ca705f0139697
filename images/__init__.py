"""Building the card's image; nothing of this is installed with the product."""
