"""A model as plain JavaScript: a script without dependencies, and a page that uses it.

`operations` lists what the script computes, `graph` describes networks in these terms,
and `script` joins description, weights and the code next to it. The code is written
like that of `vae_utils/explorer`, for any network.
"""
