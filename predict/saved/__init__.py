"""A saved run as prediction sees it: `model.onnx` and `model.json`."""
