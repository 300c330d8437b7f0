"""The API: every route as data (``table``), what may be asked with it (``parameters``, ``bodies``), and how it is served."""
