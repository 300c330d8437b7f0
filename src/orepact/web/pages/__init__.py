"""Pages for people: every page is a row of ``table.PAGES``, served by ``serve.Pages`` beside the API, with the same readers."""
