"""Why a model predicts what it predicts: how its answer changes when it hears or reads less."""
