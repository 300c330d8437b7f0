"""Files that a person gives: flows, bills, indicators, shares, power contracts."""
