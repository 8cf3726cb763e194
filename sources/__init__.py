"""Sources: bytes in, editions and units out; what we may quote, and where it came from."""
