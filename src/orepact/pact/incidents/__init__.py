"""Disruptions from the alert to the review: request, assessment, aid that was promised and came, and drills."""
