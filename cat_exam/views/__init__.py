"""The hall over HTTP: pages, tickets, papers."""
