"""From the microphone to samples: recording, voice activity, takes, levels, the voice disguise."""
