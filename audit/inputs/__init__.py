"""What is examined: utterances with their recordings and features, and splits of them."""
