"""From what people write to an answer: scores, choices, yes and no, and the words beside them."""
