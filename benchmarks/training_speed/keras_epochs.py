"""A Keras callback that lets the driver begin every epoch of one call of `fit`."""

import keras


class WaitForTurn(keras.callbacks.Callback):
    """Waits before every epoch until the driver asks for it, and reports at its end.

    Args:
        server: a `serving.Server`.
        images: number of images in an epoch.
        **about: what the server announces.
    """

    def __init__(self, server, images, **about):
        super().__init__()
        self.server, self.images, self.about = server, images, about

    def on_train_begin(self, logs=None):
        self.server.announce(**self.about)
        self.waited = self.server.wait()
        if not self.waited:  # the driver has gone
            raise SystemExit(1)

    def on_epoch_end(self, epoch, logs=None):
        self.server.report(logs["loss"], self.images)
        if not self.server.wait():
            self.model.stop_training = True
