"""Tools of the project: compilers of facts, the schema, the licence page, pictures."""
