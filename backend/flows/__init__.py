"""The verbs: take an order, refresh the standing, import a company."""
