"""INT8 of the detector's network, made and compared with f32 once on this machine; needs requirements/quantize.txt."""
