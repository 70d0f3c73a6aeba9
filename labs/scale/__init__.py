"""Nine in the morning, simulated: a crowd that logs in, the quotas that stand in its way, and what people wait."""
