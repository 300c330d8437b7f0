"""The state that a shock hits: usual flows by the week, capacities, stocks and who they belong to."""
