"""Tutorials whose reconstruction term is a binary cross-entropy, as they were read."""

from vae_utils.loss_units.recipe import Recipe, link_file

CHOLLET = "fchollet/deep-learning-with-python-notebooks"
SUMMED = {"reconstruction_batch": "sum", "kl_batch": "sum"}

CROSS_ENTROPIES = {
    "keras_io": Recipe(
        "keras.io, Variational AutoEncoder",
        link_file(
            "keras-team/keras-io",
            "cca4efba8e0b8514ae3817931696294039b3bfc9",
            "examples/generative/vae.py",
        ),
        (
            "keras.losses.binary_crossentropy(data, reconstruction), axis=(1, 2)",
            "kl_loss = tf.reduce_mean(tf.reduce_sum(kl_loss, axis=1))",
        ),
        {"pixels": 784, "latent_dim": 2},
        "Sums, then one mean over the batch, as in the ELBO.",
    ),
    "tensorflow": Recipe(
        "TensorFlow, Convolutional Variational Autoencoder",
        link_file(
            "tensorflow/docs",
            "c87655c34ba7674564721d944a32fbf550189a26",
            "site/en/tutorials/generative/cvae.ipynb",
        ),
        (
            "logpx_z = -tf.reduce_sum(cross_ent, axis=[1, 2, 3])",
            "return -tf.reduce_mean(logpx_z + logpz - logqz_x)",
        ),
        {"pixels": 784, "latent_dim": 2},
        "The ELBO, with the KL estimated from the sample of z that is decoded.",
    ),
    "pytorch": Recipe(
        "PyTorch examples, Basic VAE",
        link_file(
            "pytorch/examples",
            "cd01f93000a6679e768700dd29e417a1e5fd10e5",
            "vae/main.py",
        ),
        (
            "BCE = F.binary_cross_entropy(recon_x, x.view(-1, 784), reduction='sum')",
            "KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())",
        ),
        {"pixels": 784, "latent_dim": 20, **SUMMED},
        "Both terms are summed over the batch as well, and keep their shares.",
    ),
    "flax": Recipe(
        "Flax examples, VAE",
        link_file(
            "google/flax",
            "b60f7f45b90f8fc42a88b1639c9cc88a40b298d3",
            "examples/vae/train.py",
        ),
        (
            "return -jnp.sum(labels * logits + (1. - labels) * "
            "jnp.log(-jnp.expm1(logits)))",
            "return -0.5 * jnp.sum(1 + logvar - jnp.square(mean) - jnp.exp(logvar))",
            "bce_loss = binary_cross_entropy_with_logits(recon_x, batch).mean()",
        ),
        {"pixels": 784, "latent_dim": 20},
        "Each term is a sum per image; the mean is over the batch, as in the ELBO.",
    ),
    "kang": Recipe(
        "Jackson Kang, Pytorch-VAE-tutorial",
        link_file(
            "Jackson-Kang/Pytorch-VAE-tutorial",
            "1f9e0d234d7fe7ff99b686614fc6b048d690a4a8",
            "01_Variational_AutoEncoder.ipynb",
        ),
        (
            "nn.functional.binary_cross_entropy(x_hat, x, reduction='sum')",
            "KLD      = - 0.5 * torch.sum(1+ log_var - mean.pow(2) - log_var.exp())",
        ),
        {"pixels": 784, "latent_dim": 200, **SUMMED},
        "Sums everywhere, so that β is 1 with 200 latent dimensions as with two.",
    ),
    "geron": Recipe(
        "Géron, Hands-On Machine Learning, chapter 17",
        link_file(
            "ageron/handson-ml3",
            "4e155bc23b63aabdc68216ae18a3905aeee4e79c",
            "17_autoencoders_and_gans.ipynb",
        ),
        (
            "variational_ae.add_loss(K.mean(latent_loss) / 784.)",
            'variational_ae.compile(loss="binary_crossentropy", optimizer="rmsprop", '
            "metrics=[rounded_accuracy])",
        ),
        {
            "pixels": 784,
            "latent_dim": 10,
            "pixel_reduction": "mean",
            "kl_weight": 1 / 784,
        },
        "A mean over pixels, a KL divided by their number: both terms shrink alike.",
    ),
    "chollet_1": Recipe(
        "Chollet, Deep Learning with Python, 1st edition",
        link_file(
            CHOLLET,
            "27f60b003ccd7eb8a82b0f416d054b395d611c19",
            "first_edition/8.4-generating-images-with-vaes.ipynb",
        ),
        (
            "xent_loss = keras.metrics.binary_crossentropy(x, z_decoded)",
            "kl_loss = -5e-4 * K.mean(",
        ),
        {
            "pixels": 784,
            "latent_dim": 2,
            "pixel_reduction": "mean",
            "latent_reduction": "mean",
            "kl_weight": 1e-3,
        },
        "Means everywhere, and a factor of 5e-4, which is 0.001 times the KL's ½: it "
        "nearly makes up for the mean over pixels.",
    ),
    "chollet_2": Recipe(
        "Chollet, Deep Learning with Python, 2nd edition",
        link_file(
            CHOLLET,
            "1bb759b55fc2433504525a3648154df69219556d",
            "chapter12_part04_variational-autoencoders.ipynb",
        ),
        (
            "kl_loss = -0.5 * (1 + z_log_var - tf.square(z_mean) - tf.exp(z_log_var))",
            "total_loss = reconstruction_loss + tf.reduce_mean(kl_loss)",
        ),
        {"pixels": 784, "latent_dim": 2, "latent_reduction": "mean"},
        "One mean covers batch and latent dimensions, and so divides the KL by the "
        "number of dimensions, two.",
    ),
    "chollet_3": Recipe(
        "Chollet and Watson, Deep Learning with Python, 3rd edition",
        link_file(
            CHOLLET,
            "503b0f4bf9e43b8a17d805aababd860fd3293f7c",
            "chapter17_image-generation.ipynb",
        ),
        (
            "keras.losses.binary_crossentropy(x, reconstruction), axis=(1, 2)",
            "total_loss = reconstruction_loss + ops.mean(kl_loss)",
        ),
        {"pixels": 784, "latent_dim": 2, "latent_reduction": "mean"},
        "As in the edition before: the mean of the KL is over latent dimensions, too.",
    ),
    "foster_fashion": Recipe(
        "Foster, Generative Deep Learning, 2nd edition, Fashion-MNIST",
        link_file(
            "davidADSP/Generative_Deep_Learning_2nd_Edition",
            "3d281720dcb220cbed2bb353d948b56ed272e11c",
            "notebooks/03_vae/02_vae_fashion/vae_fashion.ipynb",
        ),
        ("BETA = 500", "data, reconstruction, axis=(1, 2, 3)"),
        {
            "pixels": 1024,
            "latent_dim": 2,
            "pixel_reduction": "mean",
            "reconstruction_weight": 500,
        },
        "Images are padded to 32 × 32; BETA is the factor of the reconstruction, about "
        "half the number of pixels.",
    ),
    "keras_2016": Recipe(
        "Keras examples, summer of 2016",
        link_file(
            "keras-team/keras",
            "05e727f6bc7cf272a6c63bc998040aa0b231e5b9",
            "examples/variational_autoencoder.py",
        ),
        (
            "xent_loss = objectives.binary_crossentropy(x, x_decoded_mean)",
            "kl_loss = - 0.5 * K.sum(1 + z_log_var - K.square(z_mean) - "
            "K.exp(z_log_var), axis=-1)",
            "epsilon_std = 0.01",
        ),
        {"pixels": 784, "latent_dim": 2, "pixel_reduction": "mean"},
        "For a while the cross-entropy was a mean and the KL a sum; pull request 3383 "
        "put the factor 784 back. The noise was scaled by 0.01, too, so that the loss "
        "was no ELBO with any β. The file at this commit lacks a comma.",
    ),
}
