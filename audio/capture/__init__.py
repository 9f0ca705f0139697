"""From the microphone to samples: recording, voice activity, takes and the voice disguise."""
