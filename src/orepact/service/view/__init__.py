"""What pages show, one function per view: plain rows out, sentences still to be said in a language, no page and no markup."""
