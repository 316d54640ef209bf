"""Times evaluation: importance sampling, the ELBO, sums over a grid, codes, images.

    python -m benchmarks.evaluation_speed [BACKEND ...]

Each task runs in a process of its own, so that the peak of its memory (TensorFlow or
JAX and the model included) is its own; backends take turns. The network is
784-500-500-40, and with two latent dimensions for the sum over a grid; its weights are
untrained, which changes no time. The first time includes what is compiled; processor
seconds are those of all threads together, at best. To time another version of the
package, name its folder in PYTHONPATH and run this file by its path.
"""

import json
import os
import resource
import subprocess
import sys
import time

from tabulate import tabulate

BACKENDS = "tensorflow", "jax"
IMAGES = 10_000


def build(latent_dim):
    """Builds the network, and images to evaluate it on, shape (n, 28, 28, 1)."""
    import numpy as np

    from vae_utils import models
    from vae_utils.configurations import VAEConfiguration

    settings = VAEConfiguration(latent_dim=latent_dim, hidden=(500, 500))
    model = models.build(settings, image_shape=(28, 28, 1), classes=10, seed=0)
    pixels = np.random.default_rng(0).random((IMAGES, 28, 28, 1)) < 0.13
    return model, pixels.astype("float32")


def prepare(task):
    """Returns a function that does a task once, and a number to compare."""
    import numpy as np

    from vae_utils import evaluation, latent

    model, x = build(2 if task.startswith("grid") else 40)
    if task.startswith("grid"):
        images = x[:100]
        return lambda: evaluation.integrate_grid(model, images, side=201).nll.mean()
    if task.startswith("decode"):
        z = model.prior.draw(IMAGES, np.random.default_rng(1))
        return lambda: latent.decode(model, z).mean()
    return {
        "IS-NLL, K = 500, 10,000 images": lambda: nll(model, x, 500),
        "IS-NLL, K = 500, 1,000 images": lambda: nll(model, x[:1000], 500),
        "IS-NLL, K = 2,000, 60 images": lambda: nll(model, x[:60], 2000),
        "ELBO, 10,000 images": lambda: evaluation.elbo_split(model, x)["elbo"],
        "encode 10,000 images": lambda: latent.encode(model, x).mean.mean(),
    }[task]


def nll(model, x, samples):
    """Computes the mean importance-sampled NLL, in nats per image."""
    from vae_utils import evaluation

    return evaluation.importance_sampled_nll(model, x, samples=samples).mean()


#: Task → how often it is done.
TASKS = {
    "IS-NLL, K = 500, 10,000 images": 1,
    "IS-NLL, K = 500, 1,000 images": 2,
    "IS-NLL, K = 2,000, 60 images": 3,
    "ELBO, 10,000 images": 3,
    "grid of 201 × 201 codes, 100 images": 3,
    "encode 10,000 images": 5,
    "decode 10,000 codes": 5,
}


def time_task(task):
    """Does a task in this process, and prints what it took as JSON."""
    run, wall, processor = prepare(task), [], []
    for _ in range(TASKS[task]):
        began, used = time.perf_counter(), time.process_time()
        value = run()
        wall.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    taken = {"first": wall[0], "least": min(wall), "processor": min(processor)}
    print(json.dumps(taken | {"peak": peak / 1e6, "value": float(value)}))


def main(backends):
    """Prints seconds, processor seconds and the peak of memory of each task."""
    rows = []
    for task in TASKS:
        for backend in backends:
            command = [sys.executable, __file__, "--task", task]
            environment = os.environ | {"KERAS_BACKEND": backend}
            environment["TF_CPP_MIN_LOG_LEVEL"] = "3"
            done = subprocess.run(
                command, env=environment, stdout=subprocess.PIPE, text=True, check=True
            )
            taken = json.loads(done.stdout.splitlines()[-1])
            load = os.getloadavg()[0]
            rows.append([task, backend, *taken.values(), load])
            print(*rows[-1], sep=" | ", file=sys.stderr, flush=True)
    headers = ["", "backend", "first s", "best s", "CPU s", "GB", "value", "load"]
    formats = ("", "", ".2f", ".2f", ".2f", ".2f", ".4f", ".1f")
    print(tabulate(rows, headers, floatfmt=formats))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--task"]:
        time_task(sys.argv[2])
    else:
        main(sys.argv[1:] or BACKENDS)
