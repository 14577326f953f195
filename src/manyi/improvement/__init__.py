"""Act and verify: findings, causes, corrective actions, effect checks."""
