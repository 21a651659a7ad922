"""The folder of images and the index compared, both ways: what was found is kept as faults, and nothing is deleted."""
