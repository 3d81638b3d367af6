"""Starts the whole installation on one machine: servers, processes, demo and tests."""
