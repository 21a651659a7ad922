"""The statistics: what is read of the counts, and how it is drawn."""
