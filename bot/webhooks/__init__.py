"""Call the addresses that people gave, and nothing that is near this machine."""
