"""What is true of all tests that train: compiling takes most of their time."""

import keras
import pytest


@pytest.fixture(autouse=True, scope="session")
def compile_quickly():
    """Lets JAX compile in less time to code that takes more."""
    if keras.backend.backend() == "jax":
        import jax

        jax.config.update("jax_disable_most_optimizations", True)
