"""Telling the station's mailbox that something has come."""
