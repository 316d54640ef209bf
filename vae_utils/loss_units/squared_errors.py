"""Tutorials whose reconstruction term is a squared error, as they were read."""

from vae_utils.loss_units.recipe import Recipe, link_file

FACES = 64 * 64 * 3  # numbers of an image
SQUARES = {"reconstruction": "squared_error", "pixel_reduction": "mean"}

SQUARED_ERRORS = {
    "foster_faces": Recipe(
        "Foster, Generative Deep Learning, 2nd edition, CelebA",
        link_file(
            "davidADSP/Generative_Deep_Learning_2nd_Edition",
            "3d281720dcb220cbed2bb353d948b56ed272e11c",
            "notebooks/03_vae/03_vae_faces/vae_faces.ipynb",
        ),
        ("BETA = 2000", "BETA * losses.mean_squared_error(data, reconstruction)"),
        {
            "pixels": FACES,
            "latent_dim": 200,
            **SQUARES,
            "reconstruction_weight": 2000,
        },
        "The factor 2000 undoes a part of the mean over 12,288 numbers. Images of "
        "32 × 32 with the same factor, as in another version of the file, make β 1.54.",
    ),
    "antixk": Recipe(
        "AntixK, PyTorch-VAE, vanilla VAE",
        link_file(
            "AntixK/PyTorch-VAE",
            "8bf7be5c83c35a2027aa1771e6f0fb1ad9425536",
            "models/vanilla_vae.py",
        ),
        (
            "recons_loss =F.mse_loss(recons, input)",
            "loss = recons_loss + kld_weight * kld_loss",
            "kld_weight: 0.00025",
        ),
        # The last line: configs/vae.yaml, a6896b944c918dd7030e7d795a8c13e5c6345ec7.
        {"pixels": FACES, "latent_dim": 128, **SQUARES, "kl_weight": 0.00025},
        "The kld_weight, from configs/vae.yaml, looks tiny, but there is a mean over "
        "12,288 numbers: 0.00025 · 12,288 is above 3.",
    ),
    "bolts": Recipe(
        "Lightning Bolts, VAE on CIFAR-10",
        link_file(
            "Lightning-Universe/lightning-bolts",
            "273e5a6e8fa96b61ee971889109ef0ae6c5decbc",
            "pl_bolts/models/autoencoders/basic_vae/basic_vae_module.py",
        ),
        ('recon_loss = F.mse_loss(x_hat, x, reduction="mean")', "kl = kl.mean()"),
        {
            "pixels": 32 * 32 * 3,
            "latent_dim": 256,
            **SQUARES,
            "latent_reduction": "mean",
            "kl_weight": 0.1,
        },
        "Two means and kl_coeff = 0.1 nearly cancel; another image size changes β.",
    ),
    "keras_guide": Recipe(
        "Keras guide, Making new layers and models via subclassing",
        link_file(
            "keras-team/keras-io",
            "ad4fc805f5e1a4a4c0bcdd416aa9feac6608fb6c",
            "guides/making_new_layers_and_models_via_subclassing.py",
        ),
        (
            "kl_loss = -0.5 * tf.reduce_mean(",
            "loss = mse_loss_fn(x_batch_train, reconstructed)",
        ),
        {"pixels": 784, "latent_dim": 32, **SQUARES, "latent_reduction": "mean"},
        "The guide is about layers that add losses; its two means leave 784 / 32.",
    ),
}
