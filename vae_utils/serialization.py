"""What Keras needs to write a model to a file, and to read it without running code."""

import dataclasses

import keras

#: Decorator of a class that `keras.saving.load_model` may make.
register = keras.saving.register_keras_serializable("vae_utils")


def serialize(arguments: dict) -> dict:
    """Describes the arguments of a class as JSON has them, by name."""
    to_json = keras.saving.serialize_keras_object
    return {name: to_json(value) for name, value in arguments.items()}


def deserialize(config: dict) -> dict:
    """Makes the arguments of a class again that `serialize` described."""
    read = keras.saving.deserialize_keras_object
    return {n: read(v) if isinstance(v, dict) else v for n, v in config.items()}


class Fields:
    """The fields of a dataclass as the arguments that make it again."""

    def get_config(self) -> dict:
        return dataclasses.asdict(self)

    @classmethod
    def from_config(cls, config: dict):
        return cls(**config)
