"""What /metrics tells: of the site, of its workers and beat, and of this process."""
