"""From picture files to arrays, in processes of their own.

Those import nothing but this, NumPy and Pillow, so that they start at once.
"""
