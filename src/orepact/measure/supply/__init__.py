"""Who makes how much, and who depends on whom: figures behind concentration and reliance."""
