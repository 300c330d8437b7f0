"""Who is there: organisations, their owners and people, and the Nations that control what is told of them."""
