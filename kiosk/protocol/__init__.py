"""The bytes that travel: reports, replies, notices, seals, cells. See docs/protocol.md."""
