"""How well the emotion is guessed from what is not its expression."""
