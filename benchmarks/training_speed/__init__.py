"""Measures how fast VAEs train in several libraries, side by side on this machine.

    python -m benchmarks.training_speed
    python -m benchmarks.training_speed --networks fc_2 --rounds 3

Every variant is a process of its own that trains the same network on the same images.
In each round they train one epoch each, in turns, so that a machine that slows down
slows all of them: ratios inside one run mean something, seconds of two runs do not.
"""
