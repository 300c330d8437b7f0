"""Cases that rule sets are held against."""
