"""One module for each registered benchmark."""
