"""Exports trained models to files that load without this package.

An exported model has functions (`functions`): `encode`, `decode`, `reconstruct`,
`sample` and `score`, or `classify`. Each is a plain Functional model of Keras, written
to any of the `formats`; every file is loaded again in a fresh process and compared with
the model (`checking`). A model card in Markdown (`card`) and `model.json` (`metadata`)
are written with them. `exporting.export` does all of it.
"""
