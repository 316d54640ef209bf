"""The playground computes what Keras computes: loss, gradients, ten steps of Adam.

Both have the same weights, noise and batches. Errors are relative: those of a gradient
to the largest one of its kernel or bias, those of ten steps to its largest weight.
"""

import numpy as np
import playground_models
import pytest
from playground_page import run, write_engine

DEFAULTS = {
    "inputs": 36,
    "hidden": [16],
    "latentDim": 3,
    "mode": "vae",
    "likelihood": "bernoulli",
    "output": "sigmoid",
    "sigma": 0.35,
    "beta": 1.0,
    "bugs": [],
}
ROWS, STEPS, RATE = 20, 10, 0.003
SMALL_RATE = 0.0003  # for values of 0 … 255: both programs round, and soon part
POINTS = {"inputs": 2, "output": "linear", "sigma": 0.2, "latentDim": 2}
LARGE = {"inputs": 196, "hidden": [64], "latentDim": 2, "sigma": 0.25}


def list_cases():
    """Yields name and changes of the settings of each case."""
    for likelihood in ("bernoulli", "gaussian", "learned"):
        kind = {"likelihood": likelihood}
        yield likelihood, kind
        for mode, beta in (("vae", 0.0), ("vae", 0.25), ("vae", 4.0), ("ae", 1.0)):
            yield f"{likelihood}-{mode}-{beta:g}", kind | {"mode": mode, "beta": beta}
        for bug in playground_models.BUGS:
            yield f"{likelihood}-{bug}", kind | {"bugs": [bug]}
        yield f"{likelihood}-two", kind | {"hidden": [16, 9]}
        yield f"{likelihood}-196", kind | LARGE
    for likelihood in ("gaussian", "learned"):
        yield f"{likelihood}-points", POINTS | {"likelihood": likelihood}
        for bug in playground_models.BUGS:
            changes = POINTS | {"likelihood": likelihood, "bugs": [bug]}
            yield f"{likelihood}-points-{bug}", changes
    for bug in ("meanOverPixels", "sigmoidTwice", "bytes"):
        yield f"ae-{bug}", {"mode": "ae", "bugs": [bug]}
    yield "three-bugs", {"bugs": ["forgottenHalf", "samplingOff", "sigmoidTwice"]}
    yield "no-hidden-layers", {"hidden": []}
    yield "ten-dimensions", {"latentDim": 10, "beta": 2.0}


CASES = dict(list_cases())

SCRIPT = """
const [settings, weights, batches, rows, rate] = given;
const model = P.makeModel(P.complete(settings));
if (model.weights.length !== weights.length) throw new Error("other weights");
model.weights.set(weights);
const adam = P.makeAdam(weights.length);
let first = null;
for (const [values, noise] of batches) {
  const [x, eps] = [Float32Array.from(values), Float32Array.from(noise)];
  const terms = model.learn(x, eps, rows, settings);
  first ??= { terms, slopes: Array.from(model.slopes) };
  adam.update(model.weights, model.slopes, rate);
}
return { ...first, weights: Array.from(model.weights) };
"""


@pytest.fixture(scope="module")
def browser(open_browser, tmp_path_factory):
    opened = open_browser(400, 400)
    opened.get(write_engine(tmp_path_factory.mktemp("engine")))
    return opened


def draw_batches(rng, settings):
    """Draws values and noise, binary if the likelihood is."""
    size = ROWS, settings["inputs"]
    factor = 255 if "bytes" in settings["bugs"] else 1
    for _ in range(STEPS):
        if settings["output"] == "linear":
            x = rng.normal(size=size)
        elif settings["likelihood"] == "bernoulli":
            x = rng.random(size) < 0.3
        else:
            x = np.clip(rng.normal(0.1, 0.3, size), 0, 1)
        eps = rng.normal(size=(ROWS, settings["latentDim"]))
        yield (factor * x).astype(np.float32), eps.astype(np.float32)


def shape_of(settings):
    side = int(settings["inputs"] ** 0.5)
    is_point = settings["output"] == "linear"
    return playground_models.NUMBERS if is_point else (side, side, 1)


def draw_weights(rng, model, settings):
    """Draws weights, also of biases, which would begin as zeros."""
    variables = playground_models.list_variables(model)
    for variable in variables:
        noise = 0.05 * rng.normal(size=variable.shape)
        variable.assign(np.array(variable) + noise)
    if "bytes" in settings["bugs"]:
        variables[0].assign(np.array(variables[0]) / 255)  # or else all units saturate
    return [np.array(variable) for variable in variables]


def compute_errors(browser, changes):
    """Returns relative errors of terms, of slopes, and of what ten steps change."""
    settings = DEFAULTS | changes
    rng = np.random.default_rng(3)
    shape = shape_of(settings)
    model = playground_models.make_model(settings, shape)
    before = draw_weights(rng, model, settings)
    flat = np.concatenate([array.ravel() for array in before])
    rate = SMALL_RATE if "bytes" in settings["bugs"] else RATE
    batches = list(draw_batches(rng, settings))
    packed = [[x.ravel().tolist(), eps.ravel().tolist()] for x, eps in batches]
    found = run(browser, SCRIPT, settings, flat.tolist(), packed, ROWS, rate)
    assert isinstance(found, dict), found
    images = [(x.reshape(ROWS, *shape), eps) for x, eps in batches]
    expected = playground_models.train(model, images, rate)
    ends = np.cumsum([array.size for array in before])[:-1]
    return {
        "terms": max(
            relative(found["terms"][name], expected["terms"][name], name)
            for name in ("loss", "nll", "kl")
        ),
        "slopes": compare(found["slopes"], expected["slopes"], ends),
        "steps": compare(found["weights"], expected["weights"], ends),
    }


def compare(found, expected, ends):
    """Returns the largest error of any array, relative to its largest number."""
    parts = np.split(np.array(found), ends)
    pairs = zip(parts, expected, strict=True)
    return max(relative(part.reshape(each.shape), each) for part, each in pairs)


def relative(found, expected, name=""):
    assert np.isfinite(expected).all(), name
    largest = np.abs(expected).max()
    error = np.abs(found - expected).max()
    return float(error / largest) if largest > 0 else float(error)


@pytest.mark.parametrize("name", CASES)
def test_loss_gradients_and_ten_steps_are_those_of_keras(name, browser):
    errors = compute_errors(browser, CASES[name])
    print(name, *(f"{value:.1e}" for value in errors.values()))
    assert errors["terms"] < 1e-5
    assert errors["slopes"] < 1e-5
    assert errors["steps"] < 1e-4
