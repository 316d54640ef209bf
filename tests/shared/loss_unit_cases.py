"""Losses of VAEs as programs write them: settings, their β by hand, invalid ones."""

import numpy as np

COUNT = 200  # random settings


def draw_settings(seed):
    """Draws a random recipe: every argument of `effective_beta`."""
    rng = np.random.default_rng(seed)
    reduce = {
        name: str(rng.choice(["sum", "mean"]))
        for name in (
            "pixel_reduction",
            "latent_reduction",
            "reconstruction_batch",
            "kl_batch",
        )
    }
    return {
        "reconstruction": str(rng.choice(["bernoulli", "squared_error"])),
        **reduce,
        "reconstruction_weight": float(np.exp(rng.normal(0, 3))),
        "kl_weight": float(np.exp(rng.normal(0, 3))),
        "pixels": int(rng.integers(1, 50)),
        "latent_dim": int(rng.integers(1, 20)),
        "batch_size": int(rng.integers(1, 40)),
    }


BY_HAND = {
    "keras_io": 1,  # sum over 28 × 28, sum over 2, mean over the batch
    "tensorflow": 1,  # sums over pixels and dimensions, mean over the batch
    "pytorch": 1,  # sums everywhere, over the batch in both terms
    "flax": 1,  # sums per image, means over the batch
    "tfp": 1,  # the same
    "pyro": 1,  # sums everywhere
    "numpyro": 1,  # the same
    "jax": 1,  # sums everywhere, divided by the batch size in both terms
    "haiku": 1,  # sums per image, mean over the batch
    "chainer": 1,  # sums everywhere, divided by the batch size in both terms
    "flux": 1,  # the same
    "tfjs": 1,  # 784 for the mean over pixels, 1 / 784 for the factor
    "mlx": 1,  # sums everywhere
    "keras_2016": 784,  # a mean over 784 pixels, a sum over dimensions
    "keras_guide": 24.5,  # 784 / 32
    "geron": 1,  # 784 for the mean over pixels, 1 / 784 for the factor
    "chollet_1": 0.392,  # 784 · 0.001 / 2; 5e-4 is a factor of 0.001 with its ½
    "chollet_2": 0.5,  # the mean over 2 dimensions
    "chollet_3": 0.5,  # the same
    "foster_first_digits": 0.784,  # 784 / 1000
    "foster_first_faces": 4.9152,  # 128 · 128 · 3 / 10,000 = 49,152 / 10,000
    "foster_fashion": 2.048,  # 32 · 32 / 500
    "foster_faces": 6.144,  # 64 · 64 · 3 / 2000 = 12,288 / 2000
    "atienza": 1,  # 784 for the mean over pixels, 1 / 784 for the factor
    "raschka": 1,  # sums per image, means over the batch
    "kang": 1,  # sums everywhere
    "antixk": 3.072,  # 12,288 · 0.00025
    "bolts": 1.2,  # 32 · 32 · 3 · 0.1 / 256 = 307.2 / 256
    "oduerr": 1,  # sums per image, mean over the batch
    "yunjey": 1,  # sums everywhere
    "l1aoxingyu": 1,  # the same
    "aymericdamien": 1,  # sums per image, mean over the batch
    "wiseodd": 1,  # a sum divided by the batch size, a mean of sums
    "hwalsuklee": 1,  # sums per image, means over the batch
    "kvfrans": 1,  # sums per image, mean over the batch
    "atinghosh": 1,  # 49,152 for the mean over pixels, 1 / 49,152 for the factor
    "ethanluoyc": 98,  # 784 / 8
    "podgorskiy": 9.6,  # 49,152 · 0.1 / 512 = 4915.2 / 512
    "lynnho": 2,  # sums, and twice the KL
    "bojone": 2,  # half the squared error
    "pythae": 2,  # the same
    "konny": 10,  # as it says
    "disentanglement_lib": 4,  # as it says
    "yanndubs": 4,  # as it says
    "world_models": 1,  # sums per image, means over the batch
    "world_models_keras": 0.384,  # 12,288 / 1000 / 32
    "ctallec": 1,  # sums everywhere
}
SIGMAS_BY_HAND = {  # √(β / 2), halved where pixels run from −1 to 1
    "mlx": 0.5**0.5,
    "keras_guide": 3.5,  # √12.25
    "ethanluoyc": 7,  # √49
    "bojone": 0.5,
    "lynnho": 0.5,
    "podgorskiy": 1.2**0.5,  # √4.8 / 2
    "pythae": 1,
    "foster_faces": 3.072**0.5,
    "konny": 5**0.5,
}
VERSIONS_BY_HAND = {
    "flux": 100_352,  # 784 pixels · 128 images; a mean, divided by 128 once more
    "foster_faces": 1.536,  # 32 · 32 · 3 / 2000
    "keras_guide": 24.5,  # 784 / 32
    "bolts": 1,  # sums
    "world_models_keras": 12_288,  # a mean over 12,288 numbers, a sum over dimensions
}

BAD = [
    ({"reconstruction": "gaussian"}, "reconstruction", "'bernoulli' or 'squared"),
    ({"pixel_reduction": "none"}, "pixel_reduction", "'sum' or 'mean'"),
    ({"latent_reduction": ""}, "latent_reduction", "'sum' or 'mean'"),
    ({"reconstruction_batch": "Mean"}, "reconstruction_batch", "'sum' or 'mean'"),
    ({"kl_batch": None}, "kl_batch", "'sum' or 'mean'"),
    ({"pixels": 0}, "pixels", "a positive integer, pixels × channels"),
    ({"pixels": "784"}, "pixels", "a positive integer"),
    ({"pixels": 28.5}, "pixels", "a positive integer"),
    ({"latent_dim": -2}, "latent_dim", "a positive integer, the dimensions of z"),
    ({"latent_dim": True}, "latent_dim", "a positive integer"),
    ({"batch_size": 0}, "batch_size", "a positive integer"),
    ({"kl_batch": "sum"}, "batch_size", "a positive integer, the images of a batch"),
    ({"reconstruction_batch": "sum"}, "batch_size", "a positive integer"),
    ({"kl_weight": -1}, "kl_weight", "a finite number, 0 or more"),
    ({"kl_weight": "one"}, "kl_weight", "a finite number, 0 or more"),
    ({"reconstruction_weight": None}, "reconstruction_weight", "a finite number"),
    ({"reconstruction_weight": 0}, "reconstruction_weight", "above 0: without"),
]
