"""The bench: what one answer costs, how a room starts, how many may wait; every figure with its goal."""
