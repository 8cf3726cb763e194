"""The index: editions in, passages and hits out."""
