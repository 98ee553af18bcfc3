"""Write all live entries as files for analysts, once a night."""
