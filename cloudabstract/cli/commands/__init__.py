"""The commands, one module each: options in, one call of `Stack`, a value drawn."""
