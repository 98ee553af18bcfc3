"""Pictures: SVG made of plain figures, drawn to PNG by resvg with fonts of our own."""
