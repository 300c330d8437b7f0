"""Early warning: indicators against levels, as data."""
