"""The smallest Django site: one view without middleware, the yardstick of requests a second."""
