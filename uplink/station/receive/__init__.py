"""Taking cells in: from the broker or a stick into the database, then the receipt."""
