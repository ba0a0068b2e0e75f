"""What the office does: one act per function, inside the caller's transaction."""
