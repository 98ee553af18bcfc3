"""Handle commands, a subject in each module; `known` lists them."""
