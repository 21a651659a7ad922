"""Everything on one machine: prepare, start, watch and stop the processes."""
