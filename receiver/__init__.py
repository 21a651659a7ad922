"""The receiver: accepts imagezmq messages, makes them durable, answers, and hands them to the broker."""
