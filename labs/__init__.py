"""What nobody needs to change the service: rehearsal, mutation testing, comparisons and simulations (README.md)."""
