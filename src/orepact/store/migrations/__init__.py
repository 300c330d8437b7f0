"""The forms that the database has had, one step each. A step is never changed once it was released, and never undone."""
