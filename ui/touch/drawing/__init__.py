"""What is drawn with Kivy: cards, headings, posters, rings, text and textures."""
