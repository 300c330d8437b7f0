"""The service over HTTP: ``edge`` (who asks, limits, answers as bytes), ``api`` (every route as data), ``app`` (the application).

Nothing below imports it: `orepact serve` names it by text.
"""
