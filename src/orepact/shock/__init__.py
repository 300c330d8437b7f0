"""The shock engine: what breaks, for how long stocks last, what each response loses, and what help is worth."""
