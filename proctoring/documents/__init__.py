"""PDFs of the room: minutes, result list, blank envelopes."""
