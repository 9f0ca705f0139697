"""The modem beside the data path: its answers, its watcher and its power."""
