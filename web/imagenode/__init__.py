"""imagenode.yaml: what a Raspberry Pi needs to send here."""
