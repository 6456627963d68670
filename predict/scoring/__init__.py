"""How well a saved model does on labelled recordings that it did not learn from."""
