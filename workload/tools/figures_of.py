"""The order of kinds and of quantiles that both scripts and the Rust tables share."""

KINDS = [
    "received", "assigned", "classified", "noted", "responded", "paused", "resumed",
    "escalated", "resolved", "reopened", "closed",
]
PROBABILITIES = ["0.01", "0.05", "0.1", "0.25", "0.5", "0.75", "0.9", "0.95", "0.99", "0.999"]
