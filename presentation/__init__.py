"""How things are shown: views, catalogues, formats, pictures. Pure: values in, Reply out."""
