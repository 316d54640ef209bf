"""How fast training is: the record that `benchmarks.training_speed` writes, and tables.

No number is typed in here: all are read from the record.
"""

from vae_utils.speed.comparison import Comparison, Variant
from vae_utils.speed.record import FILE, Record, load_record, read_record
from vae_utils.speed.tables import cost_table, report, speed_table

__all__ = [
    "FILE",
    "Comparison",
    "Record",
    "Variant",
    "cost_table",
    "load_record",
    "read_record",
    "report",
    "speed_table",
]
