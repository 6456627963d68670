"""Methods that adapt a trained model to another corpus, one a file."""
