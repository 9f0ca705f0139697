"""Text to speech by eSpeak NG, and the sample format of this product."""
