"""This PC: where data lies, its clock, its printers, its settings before unlock, its log."""
