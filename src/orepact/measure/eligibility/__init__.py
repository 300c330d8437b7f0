"""Would this product qualify under that set of rules, why not, and what is the cheapest change that would pass?"""
