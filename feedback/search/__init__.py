"""Finding comments: by their words, and by what was understood of them."""
