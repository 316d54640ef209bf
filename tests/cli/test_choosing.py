import dataclasses

import pytest

from vae_utils import configurations
from vae_utils.cli.choosing import adapt_to_data, choose_configuration
from vae_utils.cli.errors import UsageError
from vae_utils.cli.parser import make_parser, parse_configuration
from vae_utils.configurations import (
    ACTIVATIONS,
    ARCHITECTURES,
    MODELS,
    PROJECTS,
    ClassifierConfiguration,
    VAEConfiguration,
)


def choose(*options):
    return parse_configuration(options)


def test_defaults_are_those_of_the_configuration():
    assert choose() == VAEConfiguration()
    for model in MODELS:
        kind = configurations.configuration_class(model)
        assert choose("--model", model) == kind()


@pytest.mark.parametrize("name", PROJECTS)
def test_a_preset_is_a_project_and_options_override_it(name):
    project = PROJECTS[name]
    assert choose("--preset", name) == project
    changed = choose("--preset", name, "--latent-dim", "7", "--epochs", "3")
    assert changed == dataclasses.replace(project, latent_dim=7, epochs=3)


def test_a_preset_for_pictures_adapts_to_their_number():
    preset = configurations.PICTURES["pictures"]

    def adapt(count, *options):
        arguments = ["train", "--preset", "pictures", *options]
        options = make_parser(arguments).parse_args(arguments)
        return adapt_to_data(options, choose_configuration(options), count)

    assert adapt(20_000) == preset
    few = adapt(40)
    assert few.batch_size == 10
    assert dataclasses.replace(few, batch_size=32) == preset
    assert adapt(1).batch_size == 1
    given = adapt(40, "--batch-size", "20", "--augmentation", "flips")
    assert (given.batch_size, given.augmentation) == (20, "flips")


def test_other_presets_do_not_adapt():
    arguments = ["train", "--preset", "cryer"]
    options = make_parser(arguments).parse_args(arguments)
    configuration = choose_configuration(options)
    assert adapt_to_data(options, configuration, 40) is configuration


def test_the_classifier_preset_is_the_projects():
    c = choose("--preset", "asahi417-cnn")
    theirs = c.dropout, c.batch_size, c.learning_rate, c.epochs, c.decay
    assert theirs == (0.2, 100, 5e-4, 75, False)  # train_cnn.py, as read
    assert choose("--model", "classifier", "--dropout", "0.3").dropout == 0.3
    with_preset = choose("--preset", "asahi417-cnn", "--model", "classifier")
    assert with_preset == c and isinstance(c, ClassifierConfiguration)


@pytest.mark.parametrize("model", MODELS)
def test_every_field_of_a_configuration_is_an_option(model):
    arguments = ["train", "--model", model]
    options = make_parser(arguments).parse_args(arguments)
    fields = dataclasses.fields(configurations.configuration_class(model))
    names = {field.name for field in fields} - set(configurations.list_inherited(model))
    assert names <= set(options.fields)
    for name, owners in options.fields.items():
        assert getattr(options, name) is None  # presets and runs can set it
        assert (model in owners) == (name in names)


def test_options_reach_the_configuration():
    c = choose(
        *"--model cvae --encoder conv --decoder fc --decoder-hidden 64 32".split(),
        *"--activation tanh --decoder-activation gelu --conditioned decoder".split(),
        *"--likelihood gaussian --sigma 0.2 --beta 4 --clip-norm 5 --decay".split(),
        *"--batch-size 32 --updates-per-epoch 7 --binarisation static".split(),
        *"--latent-dim 5 --learning-rate 1e-2 --epochs 9".split(),
        *"--prior gaussian-mixture --prior-size 6".split(),
    )
    assert c == configurations.ConditionalVAEConfiguration(
        encoder="conv",
        decoder="fc",
        hidden=(),
        decoder_hidden=(64, 32),
        activation="tanh",
        decoder_activation="gelu",
        conditioned="decoder",
        likelihood="gaussian",
        sigma=0.2,
        beta=4.0,
        clip_norm=5.0,
        decay=True,
        batch_size=32,
        updates_per_epoch=7,
        binarisation="static",
        latent_dim=5,
        learning_rate=1e-2,
        epochs=9,
        prior="gaussian-mixture",
        prior_size=6,
    )
    classifier = choose(*"--model classifier --filters 3 5 --kernel 2".split())
    assert (classifier.filters, classifier.kernel) == ((3, 5), 2)


def test_the_word_all_asks_for_whole_passes():
    preset = ["--preset", "conormdurkan"]
    assert choose(*preset).updates_per_epoch == 100
    assert choose(*preset, "--updates-per-epoch", "all").updates_per_epoch is None


@pytest.mark.parametrize("encoder", ARCHITECTURES)
@pytest.mark.parametrize("decoder", ARCHITECTURES)
def test_dense_layers_follow_the_architecture(encoder, decoder):
    names = ["--encoder", encoder, "--decoder", decoder]
    c = choose("--preset", "conormdurkan", *names)
    assert c.hidden == ARCHITECTURES[encoder].hidden
    mirrored = c.hidden if c.decoder_hidden is None else c.decoder_hidden
    assert mirrored == ARCHITECTURES[decoder].hidden


def test_an_architecture_that_stays_keeps_its_dense_layers():
    book = VAEConfiguration().hidden
    assert choose("--encoder", "fc").hidden == book
    c = choose("--encoder", "conv")
    assert (c.hidden, c.decoder, c.decoder_hidden) == ((), "fc", book)
    c = choose("--decoder", "conv")
    assert (c.hidden, c.decoder_hidden) == (book, ())
    c = choose("--encoder", "conv", "--hidden", "9", "--decoder-hidden", "8")
    assert (c.hidden, c.decoder_hidden) == ((9,), (8,))


def test_a_preset_can_become_another_model():
    cvae = choose("--preset", "cryer", "--model", "cvae")
    assert (cvae.model, cvae.conditioned, cvae.hidden) == ("cvae", "both", (400,))
    vae = choose("--preset", "asahi417-cvae-2cnn", "--model", "vae")
    assert (vae.model, vae.encoder) == ("vae", "2cnn")
    assert choose("--preset", "cryer", "--model", "ae").latent_dim == 20


@pytest.mark.parametrize(
    "likelihood",
    [
        "gaussian",
        "learned-gaussian",
        "optimal-gaussian",
        "continuous-bernoulli",
        "discretised-logistic",
    ],
)
def test_all_but_the_bernoulli_likelihood_are_trained_on_grey_images(likelihood):
    assert choose("--likelihood", likelihood).binarisation == "none"
    options = ["--likelihood", likelihood, "--binarisation", "static"]
    assert choose(*options).binarisation == "static"


def test_densities_can_be_trained_on_dequantised_images():
    options = ["--likelihood", "continuous-bernoulli", "--clip-lambda", "1e-4"]
    c = choose(*options, "--dequantisation", "uniform")
    assert (c.clip_lambda, c.dequantisation, c.binarisation) == (
        1e-4,
        "uniform",
        "none",
    )
    assert choose(*options).dequantisation == "none"
    with pytest.raises(UsageError, match="dequantised or binarised, not both"):
        choose("--dequantisation", "uniform")
    with pytest.raises(UsageError, match="Only a density needs"):
        choose("--dequantisation", "uniform", "--binarisation", "none")


def test_a_preset_named_again_keeps_the_epochs_of_the_run():
    project = PROJECTS["cryer"]
    fields = dataclasses.asdict(dataclasses.replace(project, epochs=2))
    settings = {"model": "vae", "configuration": fields}

    def resume(*options):
        arguments = ["train", *options]
        options = make_parser(arguments).parse_args(arguments)
        return choose_configuration(options, settings)

    assert resume("--preset", "cryer").epochs == 2
    assert resume("--preset", "cryer", "--epochs", "5").epochs == 5
    assert resume().epochs == 2


def test_a_preset_for_pictures_named_again_keeps_what_was_adapted():
    preset = configurations.PICTURES["pictures"]
    run = dataclasses.replace(preset, batch_size=10, epochs=3)
    settings = {"model": "vae", "configuration": dataclasses.asdict(run)}
    arguments = ["train", "--preset", "pictures", "--resume"]
    options = make_parser(arguments).parse_args(arguments)
    assert choose_configuration(options, settings) == run


def test_options_of_another_model_are_refused():
    with pytest.raises(UsageError, match="that has it: cvae. Received: --cond"):
        choose("--conditioned", "encoder")
    with pytest.raises(UsageError, match="autoencoder.* vae, cvae. Received: --b"):
        choose("--model", "ae", "--beta", "2")


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_are_those_of_keras(name):
    import keras

    assert keras.activations.get(name).__name__ == name
