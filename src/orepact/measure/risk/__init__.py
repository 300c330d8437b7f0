"""The parts of supply risk: the EU study, how far we agree with it, and GeoPolRisk."""
