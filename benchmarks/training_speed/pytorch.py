"""PyTorch, a plain loop: needs NumPy and PyTorch, and not the package of this book."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from benchmarks.training_speed.networks import NETWORKS
from benchmarks.training_speed.serving import Server, read_task

BOUND = 10.0  # of log-variances, as in this book


def make_layer(layer):
    """Makes a layer, Glorot uniform with biases of zero, as the others have them."""
    ends = layer.before[-1], layer.after[-1]
    if layer.kind == "dense":
        made = nn.Linear(*ends)
    else:
        kind = nn.Conv2d if layer.kind == "conv" else nn.ConvTranspose2d
        # As "same" does where the stride divides kernel and image.
        padding = (layer.kernel - layer.stride) // 2
        made = kind(*ends, layer.kernel, layer.stride, padding)
    nn.init.xavier_uniform_(made.weight)
    nn.init.zeros_(made.bias)
    return made


def make_stack(layers):
    """Makes layers followed by relu each; channels come first, as in PyTorch."""
    modules, shape = [], None
    for layer in layers:
        if layer.before != shape:
            modules.append(nn.Flatten())
            if len(layer.before) > 1:
                height, width, channels = layer.before
                modules.append(nn.Unflatten(1, (channels, height, width)))
        modules += [make_layer(layer), nn.ReLU()]
        shape = layer.after
    return modules


class VAE(nn.Module):
    """A variational autoencoder."""

    def __init__(self, network):
        super().__init__()
        parts = network.parts
        self.encoder = nn.Sequential(*make_stack(parts["encoder"]), nn.Flatten())
        self.mean, self.log_var = map(make_layer, parts["heads"])
        # The last layer has no relu.
        self.decoder = nn.Sequential(*make_stack(parts["decoder"])[:-1], nn.Flatten())

    def forward(self, x):
        """Computes the mean −ELBO of a batch, in nats."""
        h = self.encoder(x)
        mean, log_var = self.mean(h), BOUND * torch.tanh(self.log_var(h) / BOUND)
        z = mean + torch.exp(0.5 * log_var) * torch.randn_like(mean)
        nll = functional.binary_cross_entropy_with_logits(
            self.decoder(z), x, reduction="sum"
        )
        kl = 0.5 * torch.sum(mean**2 + torch.exp(log_var) - 1 - log_var)
        return (nll + kl) / len(x)


def main(task):
    """Trains an epoch whenever the driver asks for one."""
    network, images = NETWORKS[task.network], np.load(task.images)
    server = Server()
    torch.manual_seed(task.seed)
    pixels = torch.from_numpy(images.reshape(len(images), -1))
    vae = VAE(network)
    optimizer = torch.optim.Adam(vae.parameters(), 1e-3)
    steps = len(images) // task.batch_size

    def run(_):
        order, total = torch.randperm(len(pixels)), 0.0
        for rows in order[: steps * task.batch_size].split(task.batch_size):
            grey = pixels[rows].float() / 255
            x = (torch.rand_like(grey) < grey).float()
            optimizer.zero_grad()
            loss = vae(x)
            loss.backward()
            optimizer.step()
            total += loss.detach()
        return float(total) / steps

    server.announce(
        parameters=sum(math.prod(weight.shape) for weight in vae.parameters()),
        versions={"torch": str(torch.__version__)},
    )
    server.serve(run, task, steps * task.batch_size)


if __name__ == "__main__":
    main(read_task())
