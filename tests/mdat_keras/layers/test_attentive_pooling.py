import numpy as np

from mdat_keras import AttentivePooling

SEQUENCE = np.array([[[0.0, 4.0], [1.0, 8.0], [9.0, 9.0]]], dtype="float32")
MASK = np.array([[True, True, False]])


def pooling(weight: float) -> AttentivePooling:
    layer = AttentivePooling()
    layer.build(SEQUENCE.shape)
    layer.set_weights([np.array([[weight], [0.0]]), np.zeros(1)])
    return layer


def test_two_real_steps_by_hand() -> None:
    # The scores are 0 and log 3: weights of 1/4 and 3/4.
    np.testing.assert_allclose(pooling(np.log(3))(SEQUENCE, MASK), [[0.75, 7]], rtol=1e-6)


def test_equal_scores_give_the_mean() -> None:
    np.testing.assert_allclose(pooling(0.0)(SEQUENCE), SEQUENCE.mean(axis=1), rtol=1e-6)
