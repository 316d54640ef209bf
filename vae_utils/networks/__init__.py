"""Encoders and decoders, as Functional models.

An encoder maps images to the parameters of q(z|x), a decoder maps z to one logit per
pixel. Any encoder goes with any decoder of the same `latent_dim`.
"""

from vae_utils.configurations.architectures import CONVOLUTIONS, Convolution
from vae_utils.networks.causal import ByShares, build_causal_transformer
from vae_utils.networks.classifier import FEATURES, build_classifier
from vae_utils.networks.code_maps import (
    build_map_decoder,
    build_map_encoder,
    map_shape,
)
from vae_utils.networks.conditional import (
    build_conditional_decoder,
    build_conditional_encoder,
    ignore_label,
)
from vae_utils.networks.conv import build_conv_decoder, build_conv_encoder
from vae_utils.networks.fc import build_fc_decoder, build_fc_encoder
from vae_utils.networks.heads import LOG_VAR_BOUND, code_head, gaussian_head
from vae_utils.networks.inputs import call_in_batches, count_classes, input_shape
from vae_utils.networks.residual import build_residual_decoder, build_residual_encoder

__all__ = [
    "CONVOLUTIONS",
    "FEATURES",
    "LOG_VAR_BOUND",
    "ByShares",
    "Convolution",
    "build_causal_transformer",
    "build_classifier",
    "build_conditional_decoder",
    "build_conditional_encoder",
    "build_conv_decoder",
    "build_conv_encoder",
    "build_fc_decoder",
    "build_fc_encoder",
    "build_map_decoder",
    "build_map_encoder",
    "build_residual_decoder",
    "build_residual_encoder",
    "call_in_batches",
    "code_head",
    "count_classes",
    "gaussian_head",
    "ignore_label",
    "input_shape",
    "map_shape",
]
