"""What the command line refuses: an exit code, one sentence, and nothing written."""

import os

import pytest

from vae_utils import cli

QUICK = "--sample --epochs 2 --updates-per-epoch 3 --hidden 4"


@pytest.fixture(autouse=True)
def nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--latent-dim 0", "latent_dim=0"),
        ("--latent-dim two", "whole number. Received: two"),
        ("--hidden 10 -3", r"(10, -3)"),
        ("--decoder-hidden 0", "decoder_hidden=(0,)"),
        ("--batch-size 0", "batch_size=0"),
        ("--epochs -1", "epochs=-1"),
        ("--epochs 1.5", "whole number. Received: 1.5"),
        ("--updates-per-epoch 0", "updates_per_epoch=0"),
        ("--updates-per-epoch some", "whole number. Received: some"),
        ("--learning-rate 0", "learning_rate=0.0"),
        ("--learning-rate nan", "learning_rate=nan"),
        ("--learning-rate fast", "a number. Received: fast"),
        ("--clip-norm -1", "clip_norm=-1.0"),
        ("--clip-norm inf", "clip_norm=inf"),
        ("--beta -1", "beta=-1.0"),
        ("--beta inf", "beta=inf"),
        ("--sigma 0.5", "Gaussian likelihood"),
        ("--likelihood learned-gaussian --sigma 0.3", "Gaussian likelihood"),
        ("--likelihood gaussian --sigma 0", "sigma=0.0"),
        ("--likelihood optimal-gaussian --sigma 0.3", "Gaussian likelihood"),
        ("--scale-per pixel", "scale_per='pixel', likelihood='bernoulli'"),
        ("--scale-per image", "'pixel'"),
        ("--patience 0", "patience=0"),
        ("--augmentation rotations", "'flips-and-shifts'"),
        ("--prior-size 3", "prior_size=3"),
        ("--seed -1", "Received: -1"),
        ("--seed 2147483648", "Received: 2147483648"),
        ("--binarisation maybe", "'static'"),
        ("--activation relu6", "'leaky_relu'"),
        ("--likelihood poisson", "'continuous-bernoulli'"),
        ("--conditioned none", "'both'"),
        ("--model ae --conditioned both", "Received: --conditioned"),
        ("--conditioned encoder", "Received: --conditioned"),
        ("--dropout 0.5", "no such option"),
        ("--model ae --beta 4", "plain autoencoder has no such option"),
        ("--model cvae --filters 4", "no such option"),
        ("--model classifier --beta 2", "classifier of images has no such option"),
        ("--model classifier --dropout 1", "dropout=1.0"),
        ("--model classifier --dropout -0.1", "dropout=-0.1"),
        ("--model classifier --kernel 0", "kernel=0"),
        ("--model classifier --filters", "expected at least one argument"),
        ("--model classifier --filters 4 0", "filters=(4, 0)"),
        ("--model unet", "'classifier'"),
        ("--model iwae --beta 2", "beta=2.0"),
        ("--preset cryer --model classifier", "--model classifier"),
        ("--preset asahi417-cnn --model vae", "--model vae"),
        ("--preset s5", "'cryer'"),
        ("--part encoder", "--load-weights"),
        ("--keep-every 0", "1 or more"),
        ("--resume --overwrite", "not allowed"),
        ("--encoder resnet", "'conv3'"),
        ("--device tpu", "'auto'"),
        ("--data cifar", "'fashion_mnist'"),
        ("--colour", "--colour"),
        ("--latent 3", "no such option"),
        ("extra", "Received: extra"),
    ],
)
def test_train_names_an_option_out_of_range(options, words, refuse):
    assert words in refuse("train", *options.split(), code=2)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--model classifier --filters 4 4 4 4 4", "at most 4"),
        ("--batch-size 9999", "4500. Received: batch_size=9999"),
        ("--load-weights explorer_vae --part head", "encoder, decoder. Received: part"),
    ],
)
def test_train_names_an_option_that_does_not_suit_the_data(options, words, refuse):
    assert words in refuse("train", "--sample", *options.split(), code=2)


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        ("trian", "'train'", 2),
        ("--verbose", "COMMAND", 2),
        ("train --resume", "no config.json. Received: runs/vae", 1),
        ("train --model ae --resume", "no config.json. Received: runs/ae", 1),
        (f"train {QUICK} --load-weights nowhere", "no recorded run", 1),
        (f"train {QUICK} --load-weights nowhere.npz", "No such file", 1),
        (f"train {QUICK} --load-weights project_cryer", "no weights", 1),
        (f"train {QUICK} --load-weights explorer_vae", "another architecture", 1),
        (f"train {QUICK} --log-dir /dev/null/x", "Not a directory", 1),
        ("train --data-dir nowhere --no-download", "data folder", 1),
        ("evaluate", "required: run", 2),
        ("evaluate nowhere", "no recorded run", 1),
        ("evaluate project_cryer", "no weights", 1),
        ("evaluate classifier --epoch best", "last epoch", 1),
        ("evaluate nowhere --epoch 0", "1 or more", 2),
        ("evaluate nowhere --epoch soon", "whole number", 2),
        ("evaluate nowhere --num-gen 0", "1 or more", 2),
        ("evaluate nowhere --batch-size 0", "1 or more", 2),
        ("evaluate nowhere --is-samples 0", "1 or more", 2),
        ("evaluate nowhere --spread -1", "0 or more", 2),
        ("evaluate nowhere --spread nan", "0 or more", 2),
        ("evaluate nowhere --seed -1", "Received: -1", 2),
        ("evaluate nowhere --around average", "'class-means'", 2),
        ("evaluate nowhere --label three", "whole number", 2),
        ("evaluate nowhere --quiet", "evaluate --help). Received: --quiet", 2),
        ("evaluate explorer_cvae --label 10", "0 … 9. Received: --label 10", 2),
        ("evaluate explorer_cvae --label -1", "0 … 9. Received: --label -1", 2),
        ("animate", "required: run", 2),
        ("animate nowhere", "no such folder", 1),
        ("animate nowhere --seconds 0", "more than 0 and 60 at most. Received: 0", 2),
        ("animate nowhere --seconds 61", "60 at most. Received: 61", 2),
        ("animate nowhere --seconds soon", "must be a number. Received: soon", 2),
        ("animate nowhere --size 50", "must be 120 … 1000. Received: 50", 2),
        ("animate nowhere --animation film", "invalid choice: 'film'", 2),
        ("animate nowhere --format webm", "'mp4'", 2),
        ("animate nowhere --time square", "'linear'", 2),
        ("animate nowhere --device cpu", "Received: --device cpu", 2),
        ("data extra", "'import'", 2),
        ("data --data cifar", "'fashion_mnist'", 2),
        ("data --data cats-48", "a variant such as 'cats-64'", 2),
        ("data import", "required: DIR", 2),
        ("data import nowhere", "no such folder. Received: nowhere", 1),
        ("data import .", "train-images-idx3-ubyte", 1),
        ("data --sample import .", "no other option", 2),
        ("data --data-dir nowhere --no-download", "data folder", 1),
    ],
)
def test_a_command_that_cannot_work_says_why(arguments, words, code, refuse):
    assert words in refuse(*arguments.split(), code=code)


def test_a_folder_that_cannot_be_written_is_refused(refuse):
    where = f"{os.devnull}/run"
    err = refuse("train", *QUICK.split(), "--output-dir", where, code=1)
    assert "could not be read or written. Received: Not a directory" in err
    assert "Training had not started." in err


def test_debug_shows_where_an_error_comes_from(capsys):
    for arguments in (
        ["evaluate", "nowhere", "--debug"],
        ["data", "import", "nowhere", "--debug"],
        ["data", "--debug", "import", "nowhere"],
    ):
        assert cli.main(arguments) == 1
        assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("message", ["oops", "two\nlines", ""])
def test_an_unforeseen_error_is_one_sentence(message, refuse, monkeypatch):
    from vae_utils.cli import data

    def fail(options):
        raise KeyError(message)

    monkeypatch.setattr(data, "run", fail)
    err = refuse("data", code=1)
    assert "KeyError" in err and "--debug" in err
