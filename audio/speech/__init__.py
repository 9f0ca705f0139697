"""Text to speech by eSpeak NG, and what sound is in this product: format and loudness."""
