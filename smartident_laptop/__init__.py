"""The laptop stack: an API Gateway stand-in in front of the same handlers, moto behind them."""
