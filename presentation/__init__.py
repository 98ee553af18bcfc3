"""Show values as replies with views, catalogues, formats and pictures, without input or output."""
