"""The roof: settings, wiring, intake, worker, sender, lifecycle. Imports all, imported by none."""
