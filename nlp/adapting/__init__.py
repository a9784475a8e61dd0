"""The shipped heads adapted to what people corrected: no torch, the encoder stays as it is."""
