"""What goes down to the kiosks: the queue, notices, answers."""
