"""Pure rules of this room: plain values in, value out; no clock, no chance, no database."""
