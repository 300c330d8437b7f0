"""Records and the register that holds them: their kinds, references, lists and files, and what may never change."""
