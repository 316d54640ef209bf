"""The settings that `tools/run_choices.py` tries, chapter by chapter.

Every value that a settings cell lists is in one of the cases, and the values that a
reader is likely to try: one epoch, small and large batches, other seeds, other data.
"""

import dataclasses
import itertools


@dataclasses.dataclass(frozen=True)
class Case:
    """Holds settings of a chapter that differ from its own.

    Args:
        chapter: name of the notebook, without its ending.
        settings: name → source of the value, as `run_choices.change_settings` reads it.
        environment: variables of the kernel; the profile is `quick` unless set here.
        refused: whether the chapter ends in a sentence that says what it takes.
    """

    chapter: str
    settings: dict[str, str] = dataclasses.field(default_factory=dict)
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    refused: bool = False


def _side_by_side(chapter: str, **values: list[str]) -> list[Case]:
    """Makes cases of which the first has the first value of each setting, and so on.

    A setting whose values have run out keeps the chapter's own. `NAME__field` means
    `NAME.field`. Each case has another seed.
    """
    names = [name.replace("__", ".") for name in values]
    return [
        Case(
            chapter,
            {n: v for n, v in zip(names, column, strict=True) if v is not None},
            {"VAE_BOOK_SEED": seed},
        )
        for column, seed in zip(
            itertools.zip_longest(*values.values()), SEEDS, strict=False
        )
    ]


FASHION = '"fashion_mnist"'
SEEDS = ("0", "12345", "2", "2147483647", "1234", "7")
CHAPTERS = ("00_first_vae", "01_theory", "02_fc_vae", "03_conv_vae", "04_cvae")
CHAPTERS += ("05_latent_space", "06_evaluation", "07_loss_units", "08_own_images")
CHAPTERS += ("90_classifier", "91_scoreboard", "92_five_projects", "93_speed")

# One run for each chapter with a map or a check of its own, for every `make test`.
COMBINED = [
    Case("00_first_vae", {"DATASET": FASHION, "LATENT_DIM": "5", "EPOCHS": "1"}),
    Case("01_theory", {"IMAGE": "17"}, {"VAE_BOOK_SEED": "7"}),
    Case("02_fc_vae", {"LATENT_DIM": "1", "HIDDEN": "(64,)", "BATCH_SIZE": "1000"}),
    Case(
        "03_conv_vae",
        {
            "LATENT_DIM": "1",
            "FILTERS": "(4, 10)",
            "KERNEL": "5",
            "BATCH_SIZE": "200",
        },
    ),
    Case(
        "04_cvae",
        {
            "LATENT_DIM": "1",
            "HIDDEN": "(64,)",
            "BATCH_SIZE": "1000",
        },
    ),
    Case("05_latent_space", {"EPOCHS": "1", "WIDE.latent_dim": "2"}),
]

CASES = [
    *COMBINED,
    *_side_by_side(
        "00_first_vae",
        LATENT_DIM=["10", "3", "20"],
        DATASET=['"mnist"', FASHION],
        EPOCHS=["1", "3"],
    ),
    *_side_by_side("01_theory", IMAGE=["0", "1", "2", "5", "999"]),
    *_side_by_side(
        "02_fc_vae",
        LATENT_DIM=["1", "3", "8", "10", "20"],
        DATASET=['"mnist"', FASHION],
        HIDDEN=["(64,)", "()", "(64, 32, 16)"],
        BATCH_SIZE=["64", "1000"],
        LEARNING_RATE=["1e-3", "2e-3", "1e-2", "1e-4"],
        EPOCHS=["1", "7"],
        K=["1", "50"],
    ),
    *_side_by_side(
        "03_conv_vae",
        LATENT_DIM=["1", "2", "50"],
        FILTERS=["(8, 24)", "(4, 10)"],
        KERNEL=["3", "2", "5"],
        BATCH_SIZE=["64", "1000"],
        LEARNING_RATE=["1e-3", "2e-3", "1e-2"],
        EPOCHS=["1", "3"],
    ),
    *_side_by_side(
        "04_cvae",
        LATENT_DIM=["1", "2", "50"],
        HIDDEN=["(64,)", "(64, 32)"],
        BATCH_SIZE=["64", "1000"],
        LEARNING_RATE=["1e-3", "2e-3", "1e-2"],
        DECAY=["False"],
        EPOCHS=["1", "3"],
        K=["1", "50"],
    ),
    *_side_by_side(
        "05_latent_space",
        EPOCHS=["1", "3"],
        WIDE__latent_dim=["2", "3", "20"],
        WIDE__decay=["False"],
    ),
    *_side_by_side(
        "06_evaluation",
        IMAGES=["30", "300", "20"],
        K_MOST=["300", "100", "1000"],
        SIDE=["161", "81"],
    ),
    *_side_by_side(
        "07_loss_units",
        NETWORK__latent_dim=["1", "2", "30"],
        NETWORK__epochs=["2", "1"],
        NETWORK__decay=["False"],
    ),
    *_side_by_side(
        "08_own_images",
        CATS=["60", "200"],
        NETWORK__latent_dim=["1", "2", "64"],
        NETWORK__batch_size=["8", "20"],
        NETWORK__epochs=["2"],
        NETWORK__updates_per_epoch=["None", "25"],
        NETWORK__patience=["1"],
    ),
    *_side_by_side(
        "90_classifier",
        FILTERS=["(8, 8, 16, 16)", "(4, 8, 16, 32)"],
        BATCH_SIZE=["64", "1000"],
        LEARNING_RATE=["1e-2", "2e-3", "1e-4"],
        DROPOUT=["0.0", "0.5"],
        EPOCHS=["1", "3"],
    ),
    *_side_by_side(
        "91_scoreboard",
        PRESET=['"nocty-chan_5"', '"nocty-chan_2"'],
        FEW=["1", "10"],
        MOST=["1", "20", "500"],
        K=["50", "1"],
    ),
    *_side_by_side(
        "92_five_projects", UPDATES=["1", "50"], TRAINED=["5"], POINTS=["40", "500"]
    ),
    *_side_by_side("93_speed", BATCH=["1", "1000"], REPEATS=["1", "1000"]),
    Case("05_latent_space", {"WIDE.latent_dim": "1"}, refused=True),
    Case("06_evaluation", {"K_MOST": "150"}, refused=True),
    Case("06_evaluation", {"IMAGES": "5"}, refused=True),
]

FULL = {"VAE_BOOK_PROFILE": "full"}
# What readers run, on complete data: bands hold with another seed, and are not checked
# with other settings.
FULL_CASES = [
    *(Case(chapter, {}, FULL | {"VAE_BOOK_SEED": "2"}) for chapter in CHAPTERS),
    Case("00_first_vae", {"LATENT_DIM": "10"}, FULL),
    Case("01_theory", {"IMAGE": "9999"}, FULL),
    Case("02_fc_vae", {"LATENT_DIM": "1", "EPOCHS": "5"}, FULL),
    Case("03_conv_vae", {"BATCH_SIZE": "1000", "EPOCHS": "1"}, FULL),
    Case("04_cvae", {"LATENT_DIM": "2", "EPOCHS": "1"}, FULL),
    Case("05_latent_space", {"WIDE.latent_dim": "3", "EPOCHS": "1"}, FULL),
    Case("06_evaluation", {"IMAGES": "100", "K_MOST": "300"}, FULL),
    Case("07_loss_units", {"NETWORK.latent_dim": "2", "NETWORK.epochs": "1"}, FULL),
    Case("08_own_images", {"CATS": "200", "NETWORK.latent_dim": "8"}, FULL),
    Case("90_classifier", {"DROPOUT": "0.0", "EPOCHS": "1"}, FULL),
]
