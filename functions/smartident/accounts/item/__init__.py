"""The item of an account: what it holds, and the MAC over what it grants. Only accounts/ names its attributes."""
