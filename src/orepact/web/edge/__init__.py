"""The edge of the service: who asks, how much may be asked, and how an answer or a refusal becomes bytes."""
