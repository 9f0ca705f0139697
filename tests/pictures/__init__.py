"""`make pictures`: the pictures of docs/pictures, made by the program itself."""
